// The WebSocket with the Node library `ws`: its framing, its pings, and what the server says to bad input.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import WebSocket from 'ws'

import { direct, PATIENCE, register, send, startServer } from './laserchat.mjs'

let server, anna, ben, conversation

before(async () => {
  server = await startServer()
  anna = await register(server, 'anna')
  ben = await register(server, 'ben')
  conversation = await direct(server, anna, ben)
})

after(() => server?.close())

/** A connection that said hello. What arrives is kept, so that nothing is missed between two waits. */
async function connect(user) {
  const socket = new WebSocket(server.ws)
  const frames = []
  let wake = () => {}
  socket.on('message', (data, isBinary) => {
    assert.equal(isBinary, false, 'events are text frames')
    frames.push(JSON.parse(data.toString()))
    wake()
  })
  await once(socket, 'open', { signal: AbortSignal.timeout(PATIENCE) })

  const say = (frame) => socket.send(JSON.stringify(frame))
  const until = async (wanted) => {
    const deadline = AbortSignal.timeout(PATIENCE)
    while (true) {
      const found = frames.find(wanted)
      if (found) return found
      await new Promise((resolve, reject) => {
        wake = resolve
        deadline.onabort = () => reject(new Error(`only received ${JSON.stringify(frames)}`))
      })
    }
  }
  say({ type: 'hello', token: user.token })
  assert.equal((await until(() => true)).type, 'ready')
  return { socket, say, until, close: () => socket.terminate() }
}

const isMessage = (text) => (frame) => frame.type === 'message.sent' && frame.message.body === text

test('a message goes from one socket to both', async (t) => {
  const [sender, receiver] = [await connect(anna), await connect(ben)]
  t.after(() => [sender, receiver].forEach((connection) => connection.close()))
  const text = 'from socket to socket, with \u{1f389} and a line\nbreak'
  sender.say({
    type: 'message.send', id: '1', conversation_id: conversation, client_id: 'socket', body: text,
  })
  const ack = await sender.until((frame) => frame.id === '1')
  assert.equal(ack.type, 'ack')
  for (const connection of [sender, receiver]) {
    const event = await connection.until(isMessage(text))
    assert.equal(event.conversation_id, conversation)
    assert.equal(event.seq, ack.seq)
    assert.equal(event.message.id, ack.message_id)
    assert.equal(event.message.sender_id, anna.id)
  }
})

test('a ping frame is answered with its payload', async (t) => {
  const connection = await connect(anna)
  t.after(connection.close)
  const pong = once(connection.socket, 'pong', { signal: AbortSignal.timeout(PATIENCE) })
  connection.socket.ping('are you there?')
  const [payload] = await pong
  assert.equal(payload.toString(), 'are you there?')
})

test('an oversized frame closes the connection with 1009', async (t) => {
  const connection = await connect(anna)
  t.after(connection.close)
  const closed = once(connection.socket, 'close', { signal: AbortSignal.timeout(PATIENCE) })
  connection.say({
    type: 'message.send', id: '1', conversation_id: conversation, client_id: 'big', body: 'x'.repeat(8 << 20),
  })
  const [code] = await closed
  assert.equal(code, 1009)
})

test('an unknown command gets an error and the connection stays open', async (t) => {
  const connection = await connect(ben)
  t.after(connection.close)
  connection.say({ type: 'no.such.command', id: '7' })
  const answer = await connection.until((frame) => frame.id === '7')
  assert.equal(answer.type, 'error')
  assert.equal(typeof answer.code, 'string')
  await send(server, anna, conversation, 'still here')
  await connection.until(isMessage('still here'))
})

test('text that is not JSON gets an error and other users notice nothing', async (t) => {
  const [bad, good] = [await connect(anna), await connect(ben)]
  t.after(() => [bad, good].forEach((connection) => connection.close()))
  // Whether the server then closes is its decision; here it only has to answer, and to stay up.
  const answered = Promise.race([
    bad.until((frame) => frame.type === 'error'),
    once(bad.socket, 'close', { signal: AbortSignal.timeout(PATIENCE) }),
  ])
  bad.socket.send('{"type":')
  await answered
  await send(server, anna, conversation, 'unharmed')
  await good.until(isMessage('unharmed'))
})
