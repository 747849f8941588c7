// Who listens to what. A slice of the state has a key; a listener names the keys that it depends on, and is called once
// for any number of changes. What a slice is computed to is kept until one of its keys changes, so that React sees the
// same object for as long as nothing has changed.

interface Slice {
  readonly keys: readonly string[];
  fresh: boolean;
  value: unknown;
  listeners: number;
}

/** Slices that nobody listens to are kept up to this many, for what is looked at again soon. */
const IDLE_MAX = 500;

export class Hub {
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly slices = new Map<string, Slice>();
  private readonly dependents = new Map<string, Set<Slice>>();

  listen(keys: readonly string[], listener: () => void): () => void {
    for (const key of keys) {
      const set = this.listeners.get(key) ?? new Set();
      set.add(listener);
      this.listeners.set(key, set);
    }
    return () => {
      for (const key of keys) {
        const set = this.listeners.get(key);
        set?.delete(listener);
        if (set?.size === 0) this.listeners.delete(key);
      }
    };
  }

  /** Tells that these changed; `*` is everything. A change of any `room:` is one of `rooms` as well. */
  emit(keys: Iterable<string>): void {
    const all = new Set(keys);
    if ([...all].some((key) => key.startsWith('room:'))) all.add('rooms');
    const everything = all.has('*');
    const called = new Set<() => void>();
    for (const key of everything ? this.dependents.keys() : all) {
      this.dependents.get(key)?.forEach((slice) => {
        slice.fresh = false;
      });
    }
    for (const key of everything ? this.listeners.keys() : all) {
      this.listeners.get(key)?.forEach((listener) => called.add(listener));
    }
    called.forEach((listener) => listener());
  }

  /** The value of a slice: computed when one of its keys has changed, and the object of before when it is equal. */
  read<T>(name: string, keys: readonly string[], compute: () => T): T {
    let slice = this.slices.get(name);
    if (slice === undefined) {
      slice = { keys, fresh: false, value: undefined, listeners: 0 };
      this.forgetSome();
      this.slices.set(name, slice);
      for (const key of keys) {
        const set = this.dependents.get(key) ?? new Set();
        set.add(slice);
        this.dependents.set(key, set);
      }
    }
    if (!slice.fresh) {
      const value = compute();
      if (!isSame(slice.value, value)) slice.value = value;
      slice.fresh = true;
    }
    // The name stands for one computation, and so for one type.
    return slice.value as T;
  }

  /** Listens to a slice. */
  follow(name: string, keys: readonly string[], listener: () => void): () => void {
    const stop = this.listen(keys, listener);
    const slice = this.slices.get(name);
    if (slice !== undefined) slice.listeners += 1;
    return () => {
      stop();
      if (slice !== undefined) slice.listeners -= 1;
    };
  }

  private forgetSome(): void {
    if (this.slices.size < IDLE_MAX) return;
    for (const [name, slice] of this.slices) {
      if (slice.listeners > 0) continue;
      this.slices.delete(name);
      for (const key of slice.keys) {
        const set = this.dependents.get(key);
        set?.delete(slice);
        if (set?.size === 0) this.dependents.delete(key);
      }
    }
  }
}

/** The same value, or arrays or plain objects of the same values. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, at) => Object.is(item, b[at]));
  if (!isPlain(a) || !isPlain(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && Object.is(a[name], b[name]));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
