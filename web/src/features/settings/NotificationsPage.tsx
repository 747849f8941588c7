// Of what this browser tells when one is not looking. It is asked for permission only when somebody wants that.

import { useState } from 'react';
import { setPreferences, usePreferences } from '@/lib/preferences';
import { useText } from '@/lib/text';
import { Button } from '@/ui';
import { Segments, Switch } from '@/ui/Choice';
import { Actions, Notice, Section } from '@/ui/Section';

type Permission = NotificationPermission | 'missing';

function permission(): Permission {
  return 'Notification' in window ? Notification.permission : 'missing';
}

export function NotificationsPage() {
  const t = useText();
  const { notify, sound } = usePreferences();
  const [allowed, setAllowed] = useState(permission);
  const ask = () => void Notification.requestPermission().then(setAllowed);

  return (
    <>
      <Section title={t('settings.desktopNotifications')}>
        {allowed === 'granted' && <Notice>{t('settings.notifyGranted')}</Notice>}
        {allowed === 'denied' && <Notice kind="warning">{t('settings.notifyDenied')}</Notice>}
        {allowed === 'missing' && <Notice kind="warning">{t('settings.notifyMissing')}</Notice>}
        {allowed === 'default' && (
          <Notice>
            {t('settings.notifyAsk')}
            <Actions>
              <Button kind="primary" onClick={ask}>
                {t('settings.notifyAllow')}
              </Button>
            </Actions>
          </Notice>
        )}
      </Section>
      <Section title={t('settings.notifyOf')} text={t('settings.notifyOfText')}>
        <Segments
          label={t('settings.notifyOf')}
          hideLabel
          value={notify}
          onChange={(next) => setPreferences({ notify: next })}
          options={[
            { value: 'all', label: t('settings.notifyAll') },
            { value: 'mentions', label: t('settings.notifyMentions') },
            { value: 'nothing', label: t('settings.notifyNothing') },
          ]}
        />
        <Switch
          label={t('settings.sound')}
          hint={t('settings.soundHint')}
          checked={sound}
          disabled={notify === 'nothing'}
          onChange={(on) => setPreferences({ sound: on })}
        />
      </Section>
    </>
  );
}
