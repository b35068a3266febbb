package dev.handloom.kit.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValuesImpl;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.modelling.saga.repository.jdbc.GenericSagaSqlSchema;
import org.axonframework.modelling.saga.repository.jdbc.JdbcSagaStore;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A saga is as its store has it: work of a transaction that was rolled back is not remembered as done. */
class ForgetfulSagaStoreTest {
    private static final AssociationValue OF_SESSION = new AssociationValue("sessionId", "sesn_1");

    @TempDir
    private Path folder;

    /** A saga that counts. */
    static final class Counting {
        public int count;
    }

    private interface Work {
        void on(SagaStore<Object> sagas);
    }

    private static void inTransaction(
            SagaStore<Object> sagas,
            SpringTransactionManager transactions,
            boolean commits,
            Work work
    ) {
        var unit = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("an event"));
        unit.attachTransaction(transactions);
        work.on(sagas);
        if (commits) {
            unit.commit();
        } else {
            unit.rollback();
        }
    }

    private static Counting load(SagaStore<Object> sagas) {
        return Objects.requireNonNull(sagas.loadSaga(Counting.class, "saga-1")).saga();
    }

    @Test
    void after_a_rollback_the_saga_is_what_it_was_before() {
        try (var state = StateStore.open(folder.resolve("state.db"))) {
            var connections = new UnitOfWorkAwareConnectionProviderWrapper(
                    new SpringDataSourceConnectionProvider(state));
            var stored = JdbcSagaStore.builder()
                    .connectionProvider(connections)
                    .serializer(Serializers.json())
                    .sqlSchema(new GenericSagaSqlSchema())
                    .build();
            var sagas = new ForgetfulSagaStore(stored, new CaffeineCache(10), new CaffeineCache(10));
            var transactions = new SpringTransactionManager(new DataSourceTransactionManager(state));
            inTransaction(sagas, transactions, true,
                    store -> store.insertSaga(Counting.class, "saga-1", new Counting(), Set.of(OF_SESSION)));
            inTransaction(sagas, transactions, true, store -> count(store, 1));

            inTransaction(sagas, transactions, false, store -> count(store, 2));
            inTransaction(sagas, transactions, true, store -> assertThat(load(store).count).isEqualTo(1));

            inTransaction(sagas, transactions, true,
                    store -> assertThat(store.findSagas(Counting.class, OF_SESSION)).containsExactly("saga-1"));
            inTransaction(sagas, transactions, false,
                    store -> store.insertSaga(Counting.class, "saga-2", new Counting(), Set.of(OF_SESSION)));
            inTransaction(sagas, transactions, true,
                    store -> assertThat(store.findSagas(Counting.class, OF_SESSION)).containsExactly("saga-1"));

            inTransaction(sagas, transactions, false,
                    store -> store.deleteSaga(Counting.class, "saga-1", Set.of(OF_SESSION)));
            inTransaction(sagas, transactions, true, store -> assertThat(load(store).count).isEqualTo(1));
        }
    }

    private static void count(SagaStore<Object> sagas, int expected) {
        var saga = load(sagas);
        saga.count++;
        assertThat(saga.count).isEqualTo(expected);
        sagas.updateSaga(Counting.class, "saga-1", saga, new AssociationValuesImpl(Set.of(OF_SESSION)));
    }
}
