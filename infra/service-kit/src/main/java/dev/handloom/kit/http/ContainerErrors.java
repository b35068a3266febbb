package dev.handloom.kit.http;

import dev.handloom.kit.Ids;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What Tomcat answers when a request is too malformed to reach any servlet: the same envelope instead of its HTML page. */
public class ContainerErrors extends ErrorReportValve {
    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        var problem = ErrorPage.ofStatus(status);
        var id = request.getAttribute(Envelope.REQUEST_ID) instanceof String known ? known : Ids.next("req_");
        try {
            response.setStatus(problem.kind().status());
            response.setHeader(Envelope.REQUEST_ID, id);
            response.setContentType("application/json");
            response.setCharacterEncoding("UTF-8");
            var writer = response.getReporter();
            if (writer != null) {
                writer.write(JsonMapper.shared().writeValueAsString(Envelope.of(problem, id)));
                response.finishResponse();
            }
        } catch (IOException _) {
            container.getLogger().debug("the client went away before its error could be told");
        }
    }
}
