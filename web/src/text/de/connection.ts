// Texts of `connection`: the line that says how the connection is.

export default {
  connecting: 'Verbinden …',
  syncing: 'Neues wird geladen …',
  offline: 'Du bist offline. Was du sendest, geht hinaus, sobald du wieder da bist.',
  unreachable: 'Der Server ist nicht erreichbar. Was du sendest, geht später hinaus.',
  retryIn: 'Nächster Versuch {{when}}.',
  tryNow: 'Jetzt versuchen',
};
