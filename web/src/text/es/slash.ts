// Texts of `slash`: commands that begin with a slash.

export default {
  commands: 'Comandos',
  shrug: 'Encogerse de hombros: ¯\\_(ツ)_/¯',
  me: 'Di lo que haces',
  poll: 'Pregunta a los miembros de esta conversación',
  remind: 'Recuérdate algo',
  text: '[texto]',
  question: '[pregunta]',
  by: '{{bot}}: {{text}}',
  answer: 'Solo tú ves esta respuesta',
  failed: 'No se pudo dar el comando: {{why}}',
  given: 'Se dio /{{name}}. El bot responderá aquí.',
};
