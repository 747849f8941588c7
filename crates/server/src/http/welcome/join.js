// The form behind a link for joining: registers an account with the code from the link.
const code = decodeURIComponent(location.pathname.split('/').pop())
const at = (id) => document.getElementById(id)

async function describe() {
  const server = await (await fetch('/api/v1/server')).json()
  if (server.needs_owner) {
    at('title').textContent = 'Welcome to your server'
    at('about').textContent = 'The first account owns the server: it decides who may register and who helps to run it.'
    return
  }
  const answer = await fetch(`/api/v1/invitations/${encodeURIComponent(code)}`)
  const found = await answer.json()
  if (answer.ok) {
    at('title').textContent = `Join ${found.conversation_name ?? server.name}`
  } else {
    at('about').textContent = found.title
    at('form').hidden = true
  }
}

at('form').addEventListener('submit', async (event) => {
  event.preventDefault()
  const form = event.currentTarget
  const button = form.querySelector('button')
  button.disabled = true
  const { username, password } = Object.fromEntries(new FormData(form))
  const answer = await fetch('/api/v1/auth/register', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password, invitation: code }),
  })
  const said = await answer.json()
  button.disabled = false
  if (!answer.ok) {
    at('problem').textContent = said.detail ?? said.title
    return
  }
  form.hidden = true
  at('title').textContent = `Welcome, ${said.user.username}`
  at('about').textContent =
    said.user.server_role === 'owner'
      ? 'This account owns the server. Sign in with any client of the API.'
      : 'The account is made. Sign in with any client of the API.'
})

describe().catch(() => {
  at('about').textContent = 'The server does not answer.'
})
