// Texts of `saved`: messages that one wants to find again.

export default {
  title: 'Guardados',
  nothing: 'Nada guardado todavía',
  nothingText: 'Elige «Guardar para después» en el menú de un mensaje para encontrarlo aquí. Nadie más lo ve.',
  gone: 'Ya no puedes ver este mensaje.',
  remove: 'Quitar de guardados',
  done: 'Guardado. Solo tú lo ves.',
  removed: 'Ya no está guardado',
};
