// That a reminder was made, put off or done in this tab: who waits for the next one looks again.

const listeners = new Set<() => void>();

export function remindersChanged(): void {
  listeners.forEach((listener) => listener());
}

export function onReminders(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
