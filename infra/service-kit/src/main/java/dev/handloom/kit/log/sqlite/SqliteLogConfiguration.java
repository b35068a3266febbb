package dev.handloom.kit.log.sqlite;

import com.zaxxer.hikari.HikariDataSource;
import dev.handloom.kit.DataFolder;
import dev.handloom.kit.FolderLock;
import dev.handloom.kit.log.GroupCommit;
import dev.handloom.kit.log.LogEngine;
import dev.handloom.kit.log.LogIdentity;
import dev.handloom.kit.log.LogStreams;
import dev.handloom.kit.log.RowEngine;
import dev.handloom.kit.log.RowReader;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The engine {@code sqlite}, which is used when no other is named: the log in {@code events.db}. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "handloom.log", havingValue = "sqlite", matchIfMissing = true)
class SqliteLogConfiguration {
    private static final int AGGREGATE_FETCH = 500;

    @Bean
    EventFile eventFile(DataFolder folder, FolderLock held) {
        return new EventFile(folder.file("events.db"));
    }

    @Bean
    LogIdentity logIdentity() {
        return LogIdentity.IN_THE_FOLDER;
    }

    @Bean
    SqliteWriter rowWriter(EventFile file) {
        return new SqliteWriter(file);
    }

    @Bean
    LogStreams logStreams(SqliteWriter writer) {
        return new LogStreams(writer.lastGlobal());
    }

    @Bean
    GroupCommit groupCommit(SqliteWriter writer, LogStreams streams) {
        return new GroupCommit(writer, streams::committed);
    }

    /** Not offered to others as a source of data: they use the state file. */
    @Bean(defaultCandidate = false)
    HikariDataSource eventReaders(EventFile file, SqliteWriter makesTheFile) {
        return file.forReading();
    }

    @Bean
    LogEngine eventStorageEngine(
            @Qualifier("eventReaders") HikariDataSource readers,
            GroupCommit writer,
            @Qualifier("eventSerializer") Serializer serializer,
            EventUpcasterChain upcasters
    ) {
        return new RowEngine(new RowReader(readers, EventFile.LAST_GLOBAL), writer, serializer, upcasters,
                AGGREGATE_FETCH);
    }
}
