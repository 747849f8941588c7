// Texts of `slash`: commands that begin with a slash.

export default {
  commands: 'Befehle',
  shrug: 'Schulterzucken: ¯\\_(ツ)_/¯',
  me: 'Sagen, was du tust',
  poll: 'Die Mitglieder dieser Unterhaltung fragen',
  remind: 'Dich an etwas erinnern',
  text: '[Text]',
  question: '[Frage]',
  by: '{{bot}}: {{text}}',
  answer: 'Nur du siehst diese Antwort',
  failed: 'Der Befehl konnte nicht gegeben werden: {{why}}',
  given: '/{{name}} wurde gegeben. Der Bot antwortet hier.',
};
