// Texts of `markdown`.

export default {
  more: 'Mehr anzeigen',
  less: 'Weniger anzeigen',
  leadsTo: '(führt zu {{host}})',
  quote: 'Antwort auf {{name}}: {{text}}',
  code: 'Code',
  codeIn: 'Code in {{language}}',
  table: 'Tabelle',
  copyFailed: 'Der Browser hat das Kopieren nicht erlaubt.',
};
