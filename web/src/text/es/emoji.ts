// Texts of `emoji`.

export default {
  picker: 'Emojis',
  search: 'Buscar emojis',
  recent: 'Usados recientemente',
  tone: 'Cambiar el tono de piel',
  none: 'No se ha encontrado ningún emoji',
  hint: 'Elige un emoji',
};
