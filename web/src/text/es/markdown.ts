// Texts of `markdown`.

export default {
  more: 'Mostrar más',
  less: 'Mostrar menos',
  leadsTo: '(lleva a {{host}})',
  quote: 'Respuesta a',
  taskDone: 'Hecho',
  taskOpen: 'Pendiente',
  code: 'Código',
  codeIn: 'Código en {{language}}',
  table: 'Tabla',
  copyFailed: 'El navegador no ha permitido copiar.',
};
