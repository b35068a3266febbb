// Interrupts in every state, and failures of the model.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Tail,
  all,
  asking,
  checkInvariants,
  hanging,
  interrupt,
  message,
  newSession,
  noted,
  only,
  refused,
  rehearse,
  send,
  sessions,
  turn,
  types,
} from './platform.mjs';

const INTERRUPTED = 'Tool execution was interrupted before completion. Please retry.';

test('a model request is aborted at once: its span ends, it says nothing more', async () => {
  const session = await newSession();
  const tail = await Tail.open(session, { event_deltas: ['agent.message'] });
  await send(session, rehearse(hanging));
  await tail.until('event_delta');
  await send(session, interrupt);
  const events = await tail.idle();
  tail.close();
  assert.deepEqual(types(events), [
    'span.model_request_end',
    'user.interrupt',
    'session.thread_status_idle',
    'session.usage',
    'session.status_idle',
  ]);
  assert.ok(only('user.interrupt', events).processed_at);
  assert.deepEqual(events.at(-1).stop_reason, { type: 'end_turn' });
  assert.equal(all('agent.message', await checkInvariants(session)).length, 0);
});

test('a tool that runs is answered in its place, and its own result is not wanted any more', async () => {
  const session = await newSession();
  const tail = await Tail.open(session);
  await send(session, rehearse({ call: [{ name: 'bash', input: { command: 'sleep 30' } }] }, hanging));
  const use = (await tail.until('agent.tool_use')).at(-1);
  await tail.until('span.model_request_end');
  await send(session, interrupt);
  const events = await tail.idle();
  tail.close();
  assert.deepEqual(types(events).slice(-4), [
    'user.interrupt',
    'session.thread_status_idle',
    'session.usage',
    'session.status_idle',
  ]);
  const results = all('agent.tool_result', await checkInvariants(session));
  assert.deepEqual(results.map((result) => result.tool_use_id), [use.id]);
});

test('calls that wait for the client are closed, and a late answer changes nothing', async () => {
  const session = await newSession({ tools: [asking, { type: 'custom', name: 'note', description: 'n', input_schema: { type: 'object' } }] });
  const asked = await turn(
    session,
    rehearse({ call: [{ name: 'note', input: {} }, { name: 'bash', input: { command: 'true' } }] }),
  );
  const custom = only('agent.custom_tool_use', asked);
  const events = await turn(session, interrupt);
  assert.equal(only('user.custom_tool_result', events).content[0].text, INTERRUPTED);
  assert.equal(only('agent.tool_result', events).content[0].text, INTERRUPTED);
  assert.deepEqual(types(events).slice(-4), [
    'user.interrupt',
    'session.thread_status_idle',
    'session.usage',
    'session.status_idle',
  ]);
  assert.deepEqual(events.at(-1).stop_reason, { type: 'end_turn' });
  await send(session, noted(custom.id));
  assert.equal(all('user.custom_tool_result', await checkInvariants(session)).length, 1);
  assert.match(only('agent.message', await turn(session, rehearse({ say: 'On.' }))).content[0].text, /On\./);
});

test('a session at rest keeps the interrupt and stays at rest', async () => {
  const session = await newSession();
  const tail = await Tail.open(session);
  const [echo] = await send(session, interrupt);
  assert.ok(echo.processed_at);
  assert.equal((await tail.next()).id, echo.id);
  tail.close();
  assert.deepEqual(types(await checkInvariants(session)), ['user.interrupt']);
});

test('queued messages outlive the interrupt and begin the next turn', async () => {
  const session = await newSession();
  const tail = await Tail.open(session);
  await send(session, rehearse(hanging));
  await tail.until('span.model_request_start');
  const [one] = await send(session, message('one'));
  const [, two] = await send(session, interrupt, rehearse({ say: 'Both.' }));
  await tail.idle();
  const next = await tail.idle();
  tail.close();
  assert.deepEqual(types(next).filter((type) => type.startsWith('session.status')), [
    'session.status_running',
    'session.status_idle',
  ]);
  assert.deepEqual(all('user.message', next).filter((event) => event.processed_at).map((event) => event.id), [one.id, two.id]);
  assert.equal(all('span.model_request_start', next).length, 1);
  await checkInvariants(session);
});

test('an interrupt and a message in one request: the old turn ends, a new one begins', async () => {
  const session = await newSession();
  const tail = await Tail.open(session);
  await send(session, rehearse(hanging));
  await tail.until('span.model_request_start');
  await send(session, interrupt, rehearse({ say: 'New.' }));
  assert.equal((await tail.idle())[0].type, 'span.model_request_end');
  const next = await tail.idle();
  tail.close();
  assert.match(only('agent.message', next).content[0].text, /New\./);
  await checkInvariants(session);
});

test('an interrupt may name the primary thread, and no thread that is not there', async () => {
  const session = await newSession();
  const tail = await Tail.open(session);
  await send(session, rehearse(hanging));
  await tail.until('span.model_request_start');
  const stray = { ...interrupt, session_thread_id: 'sthr_nobody' };
  assert.match((await refused(sessions.events.send(session.id, { events: [stray] }))).message, /sthr_nobody/);
  const page = await sessions.threads.list(session.id);
  await send(session, { ...interrupt, session_thread_id: page.data[0].id });
  const events = await tail.idle();
  tail.close();
  assert.equal(only('user.interrupt', events).session_thread_id, page.data[0].id);
});

for (const [kind, type] of [
  ['rate_limited', 'model_rate_limited_error'],
  ['overloaded', 'model_overloaded_error'],
  ['unavailable', 'model_request_failed_error'],
]) {
  test(`a model that is ${kind} is asked again, and nothing of the half answer stays`, async () => {
    const session = await newSession();
    const fault = { kind, after: 1, times: 2, retry_after_ms: 1 };
    const events = await turn(session, rehearse({ say: ['Half ', 'and whole.'], fault }));
    assert.deepEqual(
      all('session.error', events).map(({ error }) => [error.type, error.retry_status.type]),
      [
        [type, 'retrying'],
        [type, 'retrying'],
      ],
    );
    assert.deepEqual(all('span.model_request_end', events).map((span) => span.is_error), [true, true, false]);
    assert.match(only('agent.message', events).content[0].text, /Half and whole\./);
    assert.equal(all('session.status_running', events).length, 1);
    await checkInvariants(session);
  });
}

test('a wait of five seconds and more is rescheduled, then running again', async () => {
  const session = await newSession();
  const fault = { kind: 'rate_limited', times: 1, retry_after_ms: 5000 };
  const events = await turn(session, rehearse({ say: 'Patience.', fault }));
  const order = types(events);
  const from = order.indexOf('session.error');
  assert.deepEqual(order.slice(from, from + 6), [
    'session.error',
    'session.thread_status_rescheduled',
    'session.status_rescheduled',
    'session.status_running',
    'session.thread_status_running',
    'span.model_request_start',
  ]);
  assert.match(only('agent.message', events).content[0].text, /Patience\./);
});

test('when the attempts are spent the turn is given up and the session stays usable', async () => {
  const session = await newSession();
  const events = await turn(session, rehearse({ say: 'Never.', fault: { kind: 'overloaded', after: 1, retry_after_ms: 1 } }));
  assert.deepEqual(all('session.error', events).map(({ error }) => error.retry_status.type), [
    'retrying',
    'retrying',
    'retrying',
    'retrying',
    'exhausted',
  ]);
  assert.deepEqual(events.at(-1).stop_reason, { type: 'retries_exhausted' });
  assert.equal(all('agent.message', events).length, 0);
  assert.deepEqual((await turn(session, rehearse({ say: 'Again.' }))).at(-1).stop_reason, { type: 'end_turn' });
  await checkInvariants(session);
});

test('when a turn is given up, what was queued is flushed: processed, without a turn', async () => {
  const session = await newSession();
  const tail = await Tail.open(session);
  await send(session, rehearse({ say: 'x', pause_ms: 1500, fault: { kind: 'rejected', after: 1 } }));
  await tail.until('span.model_request_start');
  const [queued] = await send(session, message('and this'));
  const events = await tail.idle();
  tail.close();
  assert.deepEqual(types(events), [
    'user.message',
    'span.model_request_end',
    'session.error',
    'user.message',
    'session.thread_status_idle',
    'session.usage',
    'session.status_idle',
  ]);
  assert.equal(events[3].id, queued.id);
  assert.ok(events[3].processed_at);
  assert.equal((await sessions.retrieve(session.id)).status, 'idle');
  await checkInvariants(session);
});

test('a request the model rejects is not repeated', async () => {
  const session = await newSession();
  const events = await turn(session, rehearse({ say: 'x', fault: { kind: 'rejected' } }));
  const { error } = only('session.error', events);
  assert.equal(error.retry_status.type, 'exhausted');
  assert.deepEqual(events.at(-1).stop_reason, { type: 'retries_exhausted' });
  const billing = only('session.error', await turn(session, rehearse({ say: 'x', fault: { kind: 'billing' } })));
  assert.equal(billing.error.type, 'billing_error');
});
