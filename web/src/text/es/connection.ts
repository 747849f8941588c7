// Texts of `connection`: the line that says how the connection is.

export default {
  connecting: 'Conectando…',
  syncing: 'Poniéndose al día…',
  offline: 'Estás sin conexión. Lo que envíes saldrá cuando vuelvas.',
  unreachable: 'No se puede conectar con el servidor. Lo que envíes saldrá más tarde.',
  retryIn: 'Próximo intento {{when}}.',
  tryNow: 'Probar ahora',
};
