// What a client may not send: refused with the field's name, and nothing of the request kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, checkInvariants, client, history, message, newSession, refused, rehearse, sessions, turn } from './platform.mjs';

const good = message('this must not be kept');

const WRONG = {
  'an unknown type': [{ type: 'user.shout', content: [] }, /type/],
  'no type': [{ content: [] }, /type/],
  'an event of the server': [{ type: 'agent.message', content: [] }, /type/],
  'no content': [{ type: 'user.message' }, /content/],
  'empty content': [{ type: 'user.message', content: [] }, /content/],
  'content that is text': [{ type: 'user.message', content: 'hello' }, /content/],
  'a block of an unknown type': [{ type: 'user.message', content: [{ type: 'song' }] }, /type/],
  'a redacted block': [{ type: 'user.message', content: [{ type: 'redacted' }] }, /type/],
  'a text block without text': [{ type: 'user.message', content: [{ type: 'text' }] }, /text/],
  'text that is a number': [{ type: 'user.message', content: [{ type: 'text', text: 5 }] }, /text/],
  'a misspelt field': [{ ...good, contents: [] }, /contents/],
  'an id of its own': [{ ...good, id: 'sevt_mine' }, /id/],
  'an image that is not base64': [
    { type: 'user.message', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: '%%%' } }] },
    /data/,
  ],
  'an image of an unknown kind': [
    { type: 'user.message', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/tiff', data: 'AAAA' } }] },
    /media_type/,
  ],
  'a confirmation without its call': [{ type: 'user.tool_confirmation', result: 'allow' }, /tool_use_id/],
  'a result without its call': [{ type: 'user.custom_tool_result', content: [] }, /custom_tool_use_id/],
  'null': [null, /events/],
  'a list': [[], /events/],
};

for (const [what, [event, named]] of Object.entries(WRONG)) {
  test(`refuses ${what}, and what came with it`, async () => {
    const session = await newSession();
    const error = await refused(sessions.events.send(session.id, { events: [good, event] }));
    assert.match(error.message, named);
    assert.equal(error.error.error.type, 'invalid_request_error');
    assert.deepEqual(await history(session), []);
    assert.equal((await sessions.retrieve(session.id)).status, 'idle');
  });
}

test('refuses no events, too many, and what is no list', async () => {
  const session = await newSession();
  for (const events of [[], undefined, 'x', {}, Array.from({ length: 101 }, () => good)]) {
    assert.match((await refused(sessions.events.send(session.id, { events }))).message, /events/);
  }
  assert.deepEqual(await history(session), []);
});

test('refuses a body that is not JSON, and a session that is not there', async () => {
  const session = await newSession();
  const raw = (body, headers = {}) =>
    fetch(`${client.baseURL}/v1/sessions/${session.id}/events`, {
      method: 'POST',
      headers: { 'x-api-key': client.apiKey, 'content-type': 'application/json', ...headers },
      body,
    });
  for (const body of ['', '{', '[]', '"x"', '{"events":[{"type":"user.message",]}']) {
    assert.equal((await raw(body)).status, 400, body);
  }
  assert.equal((await raw('{"events":[]}', { 'x-api-key': 'wrong' })).status, 401);
  assert.deepEqual(await history(session), []);
  for (const id of ['sesn_nobody', 'nonsense', '%20']) {
    await refused(sessions.events.send(id, { events: [good] }), 404);
  }
});

test('the limits hold at their edges: a hundred events a request, a hundred inputs waiting', async () => {
  const session = await newSession();
  const hundred = Array.from({ length: 100 }, (_, i) => message(`${i}`));
  await turn(session, ...hundred.slice(1), rehearse({ say: 'All heard.' }));
  assert.equal(all('user.message', await checkInvariants(session)).length, 100);
  const running = await newSession();
  await sessions.events.send(running.id, { events: [rehearse({ say: 'x', fault: { hang: true, after: 1 } })] });
  await sessions.events.send(running.id, { events: hundred });
  assert.match((await refused(sessions.events.send(running.id, { events: [good] }))).message, /waiting/);
  assert.equal(all('user.message', await history(running)).length, 101);
  await sessions.events.send(running.id, { events: [{ type: 'user.interrupt' }] });
});
