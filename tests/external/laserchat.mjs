// Starts a real server for the Node tests and speaks enough REST to set a scene.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

// How long anything may take before the test says that it did not happen. Nothing is measured with it.
export const PATIENCE = 30_000

/** The binary named by LASERCHAT_BIN, on a free port, with a data folder of its own. */
export async function startServer() {
  const folder = await mkdtemp(join(tmpdir(), 'laserchat-external-'))
  // Between choosing a port and the server's taking it, somebody else may take it: then choose again.
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const address = `127.0.0.1:${await freePort()}`
    const log = await open(join(folder, 'log'), 'w')
    const args = ['serve', '--listen', address, '--data', join(folder, 'data'), '--rate-limits', 'off']
    const child = spawn(process.env.LASERCHAT_BIN, args, { env: environment(), stdio: ['ignore', log.fd, log.fd] })
    const exit = once(child, 'exit')
    await log.close()
    const server = {
      url: `http://${address}`,
      api: `http://${address}/api/v1`,
      ws: `ws://${address}/api/v1/ws`,
      async close() {
        child.kill('SIGTERM')
        const end = new AbortController()
        await Promise.race([
          exit,
          delay(PATIENCE, undefined, { signal: end.signal }).then(() => child.kill('SIGKILL')),
        ])
        end.abort()
        await exit
        await rm(folder, { recursive: true, force: true })
      },
    }
    if (await isReady(server, child)) return server
    child.kill('SIGKILL')
    await exit
  }
  const log = await readFile(join(folder, 'log'), 'utf8')
  throw new Error(`the server did not start:\n${log}`)
}

// The server reads its settings from LASERCHAT_… too; what is set for the tests is not meant for it.
function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('LASERCHAT_')))
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}

async function isReady(server, child) {
  const deadline = Date.now() + PATIENCE
  while (child.exitCode === null && Date.now() < deadline) {
    const answer = await fetch(`${server.url}/readyz`).catch(() => null)
    if (answer?.status === 200) return true
    await delay(50)
  }
  return false
}

let number = 0

/** A registered user. */
export async function register(server, name) {
  number += 1
  const username = `${name}${number}`
  const answer = await post(server, '/auth/register', { username, password: 'correct horse battery' })
  return { id: answer.user.id, token: answer.access_token, username }
}

/** The id of a new direct conversation. */
export async function direct(server, user, other) {
  const body = { type: 'direct', members: [other.id] }
  return (await post(server, '/conversations', body, user.token)).id
}

export async function send(server, user, conversation, text) {
  const body = { client_id: text, body: text }
  return await post(server, `/conversations/${conversation}/messages`, body, user.token)
}

async function post(server, path, body, token) {
  const headers = { 'Content-Type': 'application/json' }
  if (token) headers.Authorization = `Bearer ${token}`
  const answer = await fetch(server.api + path, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await answer.text()
  assert.equal(answer.status, 201, text)
  return JSON.parse(text)
}
