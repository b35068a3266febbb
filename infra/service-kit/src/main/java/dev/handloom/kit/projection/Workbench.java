package dev.handloom.kit.projection;

import dev.handloom.kit.log.LogEngine;
import java.util.concurrent.ScheduledExecutorService;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.serialization.Serializer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * What every generation works with.
 *
 * @param eachEvent undoes what one event changed, and no more, when it could not be handled
 * @param whole     a transaction of its own
 */
record Workbench(
        LogEngine log,
        TokenStore tokens,
        TransactionManager transactions,
        TransactionOperations eachEvent,
        TransactionOperations whole,
        ConnectionProvider connections,
        JdbcClient state,
        Serializer serializer,
        ProjectionSettings settings,
        ScheduledExecutorService lookers,
        ScheduledExecutorService workers
) {}
