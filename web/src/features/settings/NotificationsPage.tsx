// What one wants to be told of, where and when: on this device first, then what holds for all of them.

import { useEffect } from 'react';
import { Link } from 'wouter';
import { errorText } from '@/lib/error';
import { paths } from '@/lib/paths';
import { setPreferences, usePreferences } from '@/lib/preferences';
import { language, useText } from '@/lib/text';
import type { DigestEvery, NotificationSettings, NotifyLevel } from '@/protocol.gen';
import { Button, Loading } from '@/ui';
import { attempt } from '@/ui/attempt';
import { Segments, Switch } from '@/ui/Choice';
import { Actions, Notice, Section } from '@/ui/Section';
import { actions, useAccount } from '@/sync';
import { Keywords } from './Keywords';
import { levels } from './levels';
import { useSendsMail } from './mail';
import { NotifiedPeople } from './NotifiedPeople';
import { PushDevices } from './PushDevices';
import { PushHere } from './PushHere';
import { Quiet } from './Quiet';
import { changeRules, loadRules, useRules, useRulesProblem, type RuleChange } from './rules';

export function NotificationsPage() {
  const t = useText();
  const { sound } = usePreferences();
  const rules = useRules();
  const problem = useRulesProblem();
  useEffect(() => void loadRules(), []);
  return (
    <>
      <Section title={t('notify.thisDevice')} text={t('notify.thisDeviceText')}>
        <PushHere />
        <Switch
          label={t('notify.sound')}
          hint={t('notify.soundHint')}
          checked={sound}
          onChange={(on) => setPreferences({ sound: on })}
        />
      </Section>
      {rules ? <Rules rules={rules} /> : problem === null ? <Loading /> : <Failed problem={problem} />}
      <PushDevices />
    </>
  );
}

function Failed({ problem }: { problem: unknown }) {
  const t = useText();
  return (
    <Notice kind="problem">
      {errorText(problem)}
      <Actions>
        <Button small onClick={() => void loadRules()}>
          {t('common.retry')}
        </Button>
      </Actions>
    </Notice>
  );
}

function change(part: RuleChange): void {
  void attempt(changeRules(part));
}

/** Digests are written in the language that they were asked for in. */
function chooseDigest(email: DigestEvery): void {
  void attempt(Promise.all([actions.updateAccount({ language: language() }), changeRules({ email })]));
}

function Rules({ rules }: { rules: NotificationSettings }) {
  const t = useText();
  const account = useAccount();
  const sendsMail = useSendsMail();
  const options = levels.map(({ value, label }) => ({ value, label: t(label) }));
  const level = (name: 'level' | 'group' | 'direct', label: string) => (
    <Segments<NotifyLevel>
      label={label}
      value={rules[name]}
      options={options}
      onChange={(value) => change({ [name]: value })}
    />
  );
  return (
    <>
      <Section title={t('notify.of')} text={t('notify.ofText')}>
        {level('direct', t('notify.direct'))}
        {level('group', t('notify.groups'))}
        {level('level', t('notify.channels'))}
      </Section>
      <Section title={t('notify.keywords')} text={t('notify.keywordsText')}>
        <Keywords words={rules.keywords} onChange={(keywords) => changeRules({ keywords })} />
      </Section>
      <Section title={t('notify.people')} text={t('notify.peopleText')}>
        <NotifiedPeople people={rules.people} onChange={(people) => change({ people })} />
      </Section>
      <Section title={t('notify.quiet')} text={t('notify.quietText')}>
        <Quiet quiet={rules.quiet} zone={account?.user.time_zone ?? null} onChange={(quiet) => change({ quiet })} />
      </Section>
      <Section title={t('notify.privacy')}>
        <Switch
          label={t('notify.hideContent')}
          hint={t('notify.hideContentHint')}
          checked={rules.hide_content}
          onChange={(hide_content) => change({ hide_content })}
        />
      </Section>
      <Section title={t('notify.email')} text={t('notify.emailText')}>
        <Segments
          label={t('notify.email')}
          hideLabel
          value={rules.email}
          onChange={(email) => chooseDigest(email)}
          options={[
            { value: 'off', label: t('notify.emailOff') },
            { value: 'hourly', label: t('notify.emailHourly') },
            { value: 'daily', label: t('notify.emailDaily') },
          ]}
        />
        {sendsMail === false && <Notice>{t('notify.emailNone')}</Notice>}
        {sendsMail && account && !account.email_confirmed && rules.email !== 'off' && (
          <Notice kind="warning">
            {t(account.email || account.email_waiting ? 'notify.emailUnconfirmed' : 'notify.emailMissing')}
            <Link href={paths.settings('account')}>{t('settings.account')}</Link>
          </Notice>
        )}
      </Section>
    </>
  );
}
