// A real browser's WebSocket and EventSource, from a page that the server itself serves.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { chromium } from 'playwright-core'

import { direct, PATIENCE, register, send, startServer } from './laserchat.mjs'

let server, browser, anna, ben, conversation

before(async () => {
  server = await startServer()
  anna = await register(server, 'anna')
  ben = await register(server, 'ben')
  conversation = await direct(server, anna, ben)
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  })
})

after(async () => {
  await browser?.close()
  await server?.close()
})

/** A fresh profile on the API page, with a list of events that the page collects. */
async function openPage(t) {
  // The API page may forbid scripts to connect anywhere. The test is about the browser's connections from
  // the server's own origin, not about that page's policy.
  const context = await browser.newContext({ bypassCSP: true })
  t.after(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE)
  const answer = await page.goto(`${server.url}/api/docs`)
  assert.equal(answer.status(), 200)
  await page.evaluate(() => { window.events = [] })
  return page
}

const hasEvent = (page, type) =>
  page.waitForFunction((type) => window.events.some((event) => event.type === type), type)

async function hasMessage(page, text) {
  const handle = await page.waitForFunction(
    (text) => window.events.find((event) => event.type === 'message.sent' && event.message.body === text),
    text,
  )
  return await handle.jsonValue()
}

test('a WebSocket in a page receives what another user sends', async (t) => {
  const page = await openPage(t)
  await page.evaluate((token) => {
    const socket = new WebSocket(`ws://${location.host}/api/v1/ws`)
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', token }))
    socket.onmessage = (event) => window.events.push(JSON.parse(event.data))
  }, ben.token)
  await hasEvent(page, 'ready')
  const sent = await send(server, anna, conversation, 'to the WebSocket')
  const event = await hasMessage(page, 'to the WebSocket')
  assert.equal(event.conversation_id, conversation)
  assert.equal(event.seq, sent.seq)
})

test('an EventSource in a page receives what another user sends', async (t) => {
  const page = await openPage(t)
  const status = await page.evaluate(async (token) => {
    const headers = { Authorization: `Bearer ${token}` }
    return (await fetch('/api/v1/events/cookie', { method: 'POST', headers })).status
  }, ben.token)
  assert.ok(status >= 200 && status < 300, `the cookie was refused with ${status}`)

  const [cookie, ...others] = await page.context().cookies(`${server.api}/events`)
  assert.deepEqual(others, [])
  assert.equal(cookie.httpOnly, true)
  assert.equal(cookie.sameSite, 'Strict')
  assert.equal(cookie.path, '/api/v1/events')

  await page.evaluate(() => {
    const source = new EventSource('/api/v1/events')
    source.onmessage = (event) => window.events.push(JSON.parse(event.data))
  })
  await hasEvent(page, 'ready')
  const sent = await send(server, anna, conversation, 'to the EventSource')
  const event = await hasMessage(page, 'to the EventSource')
  assert.equal(event.seq, sent.seq)
})

test('the cookie opens nothing but the event stream', async (t) => {
  const page = await openPage(t)
  const statuses = await page.evaluate(async (token) => {
    const headers = { Authorization: `Bearer ${token}` }
    await fetch('/api/v1/events/cookie', { method: 'POST', headers })
    const list = await fetch('/api/v1/conversations', { credentials: 'include' })
    const again = await fetch('/api/v1/events/cookie', { method: 'POST', credentials: 'include' })
    return [list.status, again.status]
  }, ben.token)
  assert.deepEqual(statuses, [401, 401])
})

test('an EventSource without the cookie is refused', async (t) => {
  const page = await openPage(t)
  const state = await page.evaluate(
    () => new Promise((resolve) => {
      const source = new EventSource('/api/v1/events')
      source.onerror = () => resolve(source.readyState)
    }),
  )
  assert.equal(state, 2, 'the browser gives up and does not try again')
})
