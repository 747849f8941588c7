// How much one can be told of, by name.

export const levels = [
  { value: 'all', label: 'notify.all' },
  { value: 'mentions', label: 'notify.mentions' },
  { value: 'none', label: 'notify.none' },
] as const;
