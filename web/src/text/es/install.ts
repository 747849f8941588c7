// Texts of `install`: the app as an installed program.

export default {
  update: 'Hay una versión nueva.',
  reload: 'Recargar',
  later: 'Más tarde',
  install: 'Instalar LaserChat',
  installHint: 'Se abre en su propia ventana y arranca sin conexión.',
  skipToContent: 'Saltar al contenido',
  skipToList: 'Saltar a las conversaciones',
  notifyMany_one: '{{count}} mensaje nuevo',
  notifyMany_other: '{{count}} mensajes nuevos',
};
