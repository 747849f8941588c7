// The conversation that was open last in this browser.

const key = 'laserchat.last';

export function lastConversation(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function rememberConversation(id: string | null): void {
  if (!id) return;
  try {
    localStorage.setItem(key, id);
  } catch {
    // Without storage the app starts with the list.
  }
}
