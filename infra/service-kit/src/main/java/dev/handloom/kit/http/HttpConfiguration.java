package dev.handloom.kit.http;

import dev.handloom.kit.DataFolder;
import java.util.List;
import org.apache.catalina.core.StandardHost;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Puts the manners in place around Spring MVC and Tomcat. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ApiSettings.class, DataFolder.class})
class HttpConfiguration implements WebMvcConfigurer {
    private final ApiSettings settings;

    HttpConfiguration(ApiSettings settings) {
        this.settings = settings;
    }

    @Bean
    static ApiKey apiKey(ApiSettings settings, DataFolder folder) {
        return ApiKey.of(settings.key(), folder.data());
    }

    @Bean
    static FilterRegistrationBean<ApiFilter> apiFilter(
            ApiKey key,
            ApiSettings settings,
            ObjectProvider<BodyLimit> others
    ) {
        var registration = new FilterRegistrationBean<>(new ApiFilter(key, settings.bodyMax(),
                others.stream().toList()));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    @Bean
    static ProblemResolver problemResolver() {
        return new ProblemResolver();
    }

    @Bean
    static NotBuiltRoutes notBuiltRoutes(List<NotBuilt> families) {
        return new NotBuiltRoutes(families);
    }

    /** Clients name odd types (JSON for a stream, binary for JSON); a 406 would help none of them. */
    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
        negotiation.strategies(List.of(_ -> List.of(MediaType.ALL)));
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new RequestParts(settings.unknownFields()));
    }

    /**
     * A body that is refused for its length is still read to its end, at most twice the limit: a client that is cut off
     * while it writes sees a broken connection instead of the 413.
     */
    @Bean
    static WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatManners(ApiSettings settings) {
        return tomcat -> {
            tomcat.addConnectorCustomizers(connector -> {
                connector.setProperty("maxSwallowSize",
                        String.valueOf(Math.min(Integer.MAX_VALUE, 2 * settings.bodyMax().toBytes())));
                // curl sends types[]=… as it is typed.
                connector.setProperty("relaxedQueryChars", "[]");
            });
            tomcat.addContextCustomizers(context -> {
                if (context.getParent() instanceof StandardHost host) {
                    host.setErrorReportValveClass(ContainerErrors.class.getName());
                }
            });
        };
    }
}
