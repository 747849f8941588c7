// Whether this browser takes notifications, and why it cannot where it cannot.

import { useEffect, useState } from 'react';
import { errorText } from '@/lib/error';
import { useText } from '@/lib/text';
import { Switch } from '@/ui/Choice';
import { Notice } from '@/ui/Section';
import { isRefusal } from '@/sync';
import { devicesChanged } from './devices';
import { pushState, turnOff, turnOn, type PushState } from './push';

export function PushHere() {
  const t = useText();
  const [state, setState] = useState<PushState | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  useEffect(() => {
    const look = () => void pushState().then(setState, () => setState('missing'));
    look();
    // The permission may be given or taken in the browser's own settings meanwhile.
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, []);

  const turn = async (on: boolean) => {
    setBusy(true);
    setProblem(null);
    try {
      if (on) setState(await turnOn());
      else {
        await turnOff();
        setState(await pushState());
      }
    } catch (thrown) {
      setProblem(thrown);
      setState(await pushState());
    }
    setBusy(false);
    devicesChanged();
  };

  return (
    <>
      <Switch
        label={t('notify.push')}
        {...(state === 'off' && { hint: t('notify.pushHint') })}
        checked={state === 'on'}
        disabled={busy || (state !== 'on' && state !== 'off')}
        onChange={(on) => void turn(on)}
      />
      {state === 'denied' && <Notice kind="warning">{t('notify.denied')}</Notice>}
      {state === 'missing' && <Notice kind="warning">{t('notify.missing')}</Notice>}
      {state === 'install' && <Notice kind="warning">{t('notify.installFirst')}</Notice>}
      {problem !== null && (
        // What is no refusal of the server came from the browser, whose push service could not be reached.
        <Notice kind="problem">{isRefusal(problem) ? errorText(problem) : t('notify.turnOnFailed')}</Notice>
      )}
    </>
  );
}
