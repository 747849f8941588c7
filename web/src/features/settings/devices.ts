// That the list of devices has changed: the switch for this browser and the list are two parts of the page.

const listeners = new Set<() => void>();

export function devicesChanged(): void {
  listeners.forEach((listener) => listener());
}

export function onDevices(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
