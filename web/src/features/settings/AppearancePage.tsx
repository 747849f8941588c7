// How this browser shows things. Each choice holds at once.

import { languages, preferredLanguage, setLanguage, useText, type Language } from '@/lib/text';
import { setPreferences, usePreferences } from '@/lib/preferences';
import { Segments, Select, Switch } from '@/ui/Choice';
import { Section } from '@/ui/Section';

/** Each language by its own name, so that whoever speaks it finds it. */
const names: Record<Language, string> = { en: 'English', de: 'Deutsch', es: 'Español', ar: 'العربية' };

export function AppearancePage() {
  const t = useText();
  const { theme, density, layout, language, enterSends } = usePreferences();

  return (
    <>
      <Section title={t('settings.look')} text={t('settings.atOnce')}>
        <Segments
          label={t('settings.theme')}
          value={theme}
          onChange={(next) => setPreferences({ theme: next })}
          options={[
            { value: 'system', label: t('settings.themeSystem') },
            { value: 'light', label: t('settings.themeLight') },
            { value: 'dark', label: t('settings.themeDark') },
          ]}
        />
        <Segments
          label={t('settings.density')}
          value={density}
          onChange={(next) => setPreferences({ density: next })}
          options={[
            { value: 'comfortable', label: t('settings.comfortable') },
            { value: 'compact', label: t('settings.compact') },
          ]}
        />
        <Segments
          label={t('settings.layout')}
          value={layout}
          onChange={(next) => setPreferences({ layout: next })}
          options={[
            { value: 'auto', label: t('settings.layoutAuto') },
            { value: 'desk', label: t('settings.layoutDesk') },
            { value: 'tv', label: t('settings.layoutTv') },
          ]}
        />
      </Section>
      <Section title={t('settings.language')}>
        <Select
          label={t('settings.language')}
          value={language ?? 'browser'}
          onChange={speak}
          options={[
            { value: 'browser', label: t('settings.browserLanguage', { language: names[preferredLanguage()] }) },
            ...languages.map((value) => ({ value, label: names[value] })),
          ]}
        />
      </Section>
      <Section title={t('settings.writing')}>
        <Switch
          label={t('settings.enterSends')}
          hint={t(enterSends ? 'settings.enterSendsOn' : 'settings.enterSendsOff')}
          checked={enterSends}
          onChange={(on) => setPreferences({ enterSends: on })}
        />
      </Section>
    </>
  );
}

function speak(choice: Language | 'browser'): void {
  setPreferences({ language: choice === 'browser' ? undefined : choice });
  void setLanguage(choice === 'browser' ? preferredLanguage() : choice);
}
