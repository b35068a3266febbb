package dev.handloom.kit.log;

import java.util.Set;
import org.axonframework.common.caching.Cache;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValues;
import org.axonframework.modelling.saga.repository.CachingSagaStore;
import org.axonframework.modelling.saga.repository.SagaStore;

/**
 * Sagas with a cache that forgets. A cached saga changes while it handles an event; when the transaction is then rolled
 * back, the cache would know of work that was never written down, and the repeated event would not begin it again.
 */
class ForgetfulSagaStore implements SagaStore<Object> {
    private static final String WATCHED = ForgetfulSagaStore.class.getName();

    private final SagaStore<Object> cached;
    private final Cache sagas;
    private final Cache associations;

    ForgetfulSagaStore(SagaStore<Object> stored, Cache sagas, Cache associations) {
        this.cached = CachingSagaStore.builder()
                .delegateSagaStore(stored)
                .sagaCache(sagas)
                .associationsCache(associations)
                .build();
        this.sagas = sagas;
        this.associations = associations;
    }

    private void forgetOnRollback() {
        if (CurrentUnitOfWork.isStarted()) {
            var root = CurrentUnitOfWork.get().root();
            root.getOrComputeResource(WATCHED, _ -> {
                root.onRollback(_ -> {
                    sagas.removeAll();
                    associations.removeAll();
                });
                return true;
            });
        }
    }

    @Override
    public Set<String> findSagas(Class<?> sagaType, AssociationValue association) {
        forgetOnRollback();
        return cached.findSagas(sagaType, association);
    }

    @Override
    public <S> Entry<S> loadSaga(Class<S> sagaType, String sagaId) {
        forgetOnRollback();
        return cached.loadSaga(sagaType, sagaId);
    }

    @Override
    public void insertSaga(Class<?> sagaType, String sagaId, Object saga, Set<AssociationValue> associated) {
        forgetOnRollback();
        cached.insertSaga(sagaType, sagaId, saga, associated);
    }

    @Override
    public void updateSaga(Class<?> sagaType, String sagaId, Object saga, AssociationValues associated) {
        forgetOnRollback();
        cached.updateSaga(sagaType, sagaId, saga, associated);
    }

    @Override
    public void deleteSaga(Class<?> sagaType, String sagaId, Set<AssociationValue> associated) {
        forgetOnRollback();
        cached.deleteSaga(sagaType, sagaId, associated);
    }
}
