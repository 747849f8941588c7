// Texts of `switcher`: the quick switcher.

export default {
  title: 'Ir a',
  placeholder: '¿Adónde? Una conversación, una persona, una orden',
  unread: 'Sin leer',
  recent: 'Recientes',
  conversations: 'Conversaciones',
  people: 'Personas',
  commands: 'Órdenes',
  nothing: 'Nada se llama así.',
  found_one: '{{count}} resultado',
  found_other: '{{count}} resultados',
  themeLight: 'Tema claro',
  themeDark: 'Tema oscuro',
  themeSystem: 'Tema del sistema',
  hintMove: 'para elegir',
  hintOpen: 'para abrir',
  hintClose: 'para cerrar',
  searchFor: 'Buscar «{{text}}» en los mensajes',
};
