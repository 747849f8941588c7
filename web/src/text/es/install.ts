// Texts of `install`: the app as an installed program.

export default {
  update: 'Hay una versión nueva.',
  reload: 'Recargar',
  install: 'Instalar LaserChat',
  skipToContent: 'Saltar al contenido',
  skipToList: 'Saltar a las conversaciones',
};
