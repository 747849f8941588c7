// Uploads with `tus-js-client`, the protocol's own client: progress, a broken connection, a new client that goes on
// where another one stopped, and giving up.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { Upload } from 'tus-js-client'

import { PATIENCE, register, startServer } from './laserchat.mjs'

const CHUNK = 100_000

let server, anna

before(async () => {
  server = await startServer()
  anna = await register(server, 'anna')
})

after(() => server?.close())

function bytes(length, seed) {
  return Buffer.from(Array.from({ length }, (_, at) => (at * 31 + seed * 7919) % 251))
}

/** An upload, and what it says at its end. */
function begin(content, options = {}) {
  let upload
  const ended = new Promise((resolve, reject) => {
    upload = new Upload(content, {
      endpoint: `${server.api}/uploads`,
      headers: { Authorization: `Bearer ${anna.token}` },
      metadata: { filename: 'Übersicht.bin', purpose: 'message' },
      retryDelays: [0, 100, 500, 1000, 2000],
      storeFingerprintForResuming: false,
      onSuccess: () => resolve('finished'),
      onError: reject,
      ...options,
    })
  })
  // It is awaited by those who want it to end.
  ended.catch(() => {})
  return { upload, ended }
}

async function get(path) {
  return await fetch(server.api + path, { headers: { Authorization: `Bearer ${anna.token}` } })
}

const idOf = (upload) => new URL(upload.url, server.url).pathname.split('/').at(-1)

/** The content is the same, once the server has made a file of it. */
async function assertFile(upload, content) {
  const id = idOf(upload)
  const deadline = Date.now() + PATIENCE
  let file
  do {
    assert.ok(Date.now() < deadline, `it is still ${JSON.stringify(file)}`)
    const answer = await get(`/files/${id}`)
    assert.equal(answer.status, 200)
    file = await answer.json()
  } while (file.state === 'processing')
  assert.deepEqual([file.state, file.name, file.size], ['ready', 'Übersicht.bin', content.length])
  const answer = await get(`/files/${id}/content`)
  const digest = (data) => createHash('sha256').update(data).digest('hex')
  assert.equal(digest(Buffer.from(await answer.arrayBuffer())), digest(content))
}

test('a file is uploaded with progress', async () => {
  const content = bytes(1_000_003, 1)
  const progress = []
  const accepted = []
  const { upload, ended } = begin(content, {
    chunkSize: CHUNK,
    onProgress: (sent, all) => progress.push([sent, all]),
    onChunkComplete: (_size, offset) => accepted.push(offset),
  })
  upload.start()
  await ended
  assert.deepEqual(accepted, [...Array.from({ length: 10 }, (_, at) => (at + 1) * CHUNK), content.length])
  assert.deepEqual(progress.at(-1), [content.length, content.length])
  assert.ok(progress.every(([sent], at) => at === 0 || sent >= progress[at - 1][0]), 'it only grows')
  await assertFile(upload, content)
})

test('all of it can come with the first request, and nothing at all is a file too', async () => {
  for (const content of [bytes(50_000, 2), Buffer.alloc(0)]) {
    const { upload, ended } = begin(content, { uploadDataDuringCreation: true })
    upload.start()
    await ended
    await assertFile(upload, content)
  }
})

test('a broken connection is resumed without sending again what has arrived', async (t) => {
  const content = bytes(3_000_000, 3)
  const proxy = await breaking(700_000)
  t.after(proxy.close)
  const retries = []
  const { upload, ended } = begin(content, {
    endpoint: `${proxy.url}/api/v1/uploads`,
    onShouldRetry: (_error, attempt) => {
      retries.push(attempt)
      return true
    },
  })
  upload.start()
  await ended
  assert.ok(retries.length > 0, 'it broke')
  // Everything once, and for each break no more than what was on its way: the head of a request and what sockets hold.
  assert.ok(proxy.carried() >= content.length)
  assert.ok(proxy.carried() < content.length * 2, `${proxy.carried()} bytes for ${content.length}`)
  await assertFile(upload, content)
})

test('a new client goes on where another one stopped', async () => {
  const content = bytes(600_000, 4)
  let stopped
  const stop = new Promise((resolve) => (stopped = resolve))
  const first = begin(content, {
    chunkSize: CHUNK,
    onChunkComplete: async (_size, offset) => {
      if (offset !== 3 * CHUNK) return
      await first.upload.abort()
      stopped()
    },
  })
  first.upload.start()
  await stop
  const accepted = []
  const second = begin(content, {
    uploadUrl: new URL(first.upload.url, server.url).href,
    chunkSize: CHUNK,
    onChunkComplete: (_size, offset) => accepted.push(offset),
  })
  second.upload.start()
  await second.ended
  assert.ok(accepted[0] > 3 * CHUNK, `it began again: ${accepted}`)
  assert.equal(accepted.at(-1), content.length)
  await assertFile(second.upload, content)
})

test('an upload that is given up is gone', async () => {
  const content = bytes(600_000, 5)
  const used = async () => (await (await get('/me/usage')).json()).used
  const before = await used()
  let stopped
  const stop = new Promise((resolve) => (stopped = resolve))
  const { upload } = begin(content, {
    chunkSize: CHUNK,
    onChunkComplete: async (_size, offset) => {
      if (offset !== 2 * CHUNK) return
      await upload.abort(true)
      stopped()
    },
  })
  upload.start()
  await stop
  const head = await fetch(new URL(upload.url, server.url), {
    method: 'HEAD',
    headers: { Authorization: `Bearer ${anna.token}`, 'Tus-Resumable': '1.0.0' },
  })
  assert.equal(head.status, 404)
  assert.equal(await used(), before)
  await Upload.terminate(new URL(upload.url, server.url).href, {
    headers: { Authorization: `Bearer ${anna.token}` },
    retryDelays: null,
  }).then(
    () => assert.fail('there was something to end'),
    (error) => assert.equal(error.originalResponse.getStatus(), 404),
  )
})

test('what the server refuses is told with its reason, and not tried again', async () => {
  for (const [metadata, token, status] of [
    [{ filename: 'a.bin', purpose: 'poem' }, anna.token, 400],
    [{ filename: 'a.bin' }, 'nobody', 401],
  ]) {
    const { upload, ended } = begin(bytes(10, 6), { metadata, headers: { Authorization: `Bearer ${token}` } })
    upload.start()
    const error = await ended.then(() => assert.fail('it was taken'), (error) => error)
    assert.equal(error.originalResponse.getStatus(), status)
    assert.equal(typeof JSON.parse(error.originalResponse.getBody()).code, 'string')
  }
})

/** A way to the server whose connections break after so many bytes, but for the last one that is needed. */
async function breaking(most) {
  let carried = 0
  const target = new URL(server.url)
  const sockets = new Set()
  const proxy = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    let came = 0
    client.on('data', (data) => {
      came += data.length
      carried += data.length
      if (!upstream.write(data)) {
        client.pause()
        upstream.once('drain', () => client.resume())
      }
      // What was passed on arrives; then the line is dead.
      if (came > most) upstream.end()
    })
    upstream.on('data', (data) => client.write(data))
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    carried: () => carried,
    async close() {
      sockets.forEach((socket) => socket.destroy())
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
