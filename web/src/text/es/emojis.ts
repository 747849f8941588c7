// Texts of `emojis`: custom emoji.

export default {
  title: 'Emojis',
  text: 'Imágenes propias que todos en este servidor pueden usar como :nombre:, en mensajes y como reacción.',
  custom: 'De este servidor',
  name: 'Nombre',
  nameHint: 'Minúsculas, dígitos, - y _, sin dos puntos.',
  picture: 'Imagen',
  pictureHint: 'Cuadrada y pequeña: PNG, GIF, WebP o JPEG.',
  add: 'Añadir emoji',
  added: ':{{name}}: ya se puede usar',
  removeTitle: '¿Quitar :{{name}}:?',
  removeText: 'Donde se usó se mostrará su nombre.',
  removed: ':{{name}}: se ha quitado',
  none: 'Este servidor aún no tiene emojis propios.',
  taken: 'Ese nombre ya lo tiene un emoji habitual.',
  who: 'Quién puede añadir emojis',
  admins: 'Administradores',
  everybody: 'Todos',
};
