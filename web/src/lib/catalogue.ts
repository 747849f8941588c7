// Looking texts up in a catalogue: plural forms by the language's rules, numbers as the language writes them, and values
// filled in. The format is i18next's; this is the part of it that we use, in a tenth of its size.

export type Values = Readonly<Record<string, string | number>>;
export type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;

function at(texts: Texts, key: string): string | undefined {
  const dot = key.indexOf('.');
  const noun = texts[key.slice(0, dot)];
  const name = key.slice(dot + 1);
  return noun && Object.hasOwn(noun, name) ? noun[name] : undefined;
}

const hebrewOrArabic = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/**
 * A name that is written in the other direction than the text around it would turn the text's order over: it is put
 * between marks that keep it to itself.
 */
function isolated(value: string | number, rightToLeft: boolean): string {
  if (typeof value === 'number') return String(value);
  const other = rightToLeft ? /[a-z]/i.test(value) : hebrewOrArabic.test(value);
  return other ? `\u2068${value}\u2069` : value;
}

/** Looks up in the catalogues in turn; a key that none has comes back as it is, so that its absence is seen. */
export function translator(
  language: string,
  ...catalogues: readonly Texts[]
): (key: string, values?: Values) => string {
  const plural = new Intl.PluralRules(language);
  const rightToLeft = language === 'ar';
  const forms = (texts: Texts, key: string, count: unknown): string | undefined => {
    if (typeof count !== 'number') return at(texts, key);
    // Nothing may have words of its own also where the rules know no form for it.
    const none = count === 0 ? at(texts, `${key}_zero`) : undefined;
    return none ?? at(texts, `${key}_${plural.select(count)}`) ?? at(texts, `${key}_other`) ?? at(texts, key);
  };
  return (key, values = {}) => {
    for (const texts of catalogues) {
      const text = forms(texts, key, values.count);
      if (text !== undefined) {
        return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) =>
          Object.hasOwn(values, name) ? isolated(values[name] ?? '', rightToLeft) : whole,
        );
      }
    }
    return key;
  };
}
