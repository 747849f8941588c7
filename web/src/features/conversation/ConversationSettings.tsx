// Changing a group or channel: what it is called, who may come in and write, archiving, leaving and deleting.

import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import type { ConversationUpdate } from '@/protocol.gen';
import { Button, confirm } from '@/ui';
import { attempt } from '@/ui/attempt';
import { Select, Switch } from '@/ui/Choice';
import { Rows, Section, SettingRow } from '@/ui/Section';
import { actions, type ConversationEntry } from '@/sync';
import { DeleteConversation } from './DeleteConversation';
import styles from './Details.module.css';
import { Expiry } from './Expiry';
import { HandOver } from './HandOver';
import { NameForm } from './NameForm';
import { rights } from './rights';

interface ConversationSettingsProps {
  entry: ConversationEntry;
  onClose: () => void;
}

/** In seconds. */
const slow = [0, 5, 15, 60, 300, 3600];

export function ConversationSettings({ entry, onClose }: ConversationSettingsProps) {
  const t = useText();
  const { conversation } = entry;
  const { id, type, slow_mode_seconds } = conversation;
  const { may, role } = rights(entry);
  const archived = Boolean(conversation.archived_at);

  const update = (change: ConversationUpdate) =>
    void attempt(actions.updateConversation(id, change), t('common.saved'));

  const archive = async () => {
    const sure =
      archived ||
      (await confirm({
        title: t('conversation.archiveTitle'),
        text: t('conversation.archiveText'),
        action: t('conversation.archive'),
      }));
    if (sure) update({ archived: !archived });
  };
  const leave = async () => {
    const sure = await confirm({
      title: t('conversation.leaveTitle'),
      text: t(conversation.public ? 'conversation.leavePublicText' : 'conversation.leaveText'),
      action: t('conversation.leave'),
      danger: true,
    });
    if (!sure || !(await attempt(actions.leave(id), t('conversation.left')))) return;
    onClose();
    go(paths.home);
  };

  // A number that another client chose is shown as well.
  const steps = slow.includes(slow_mode_seconds) ? slow : [...slow, slow_mode_seconds].toSorted((a, b) => a - b);

  return (
    <div className={styles.scroll}>
      {may('rename') && <NameForm conversation={conversation} />}
      {may('changeSettings') && (
        <Section title={t('conversation.whoMay')}>
          <div>
            {type === 'channel' && (
              <Switch
                label={t('conversation.public')}
                hint={t('conversation.publicHint')}
                checked={conversation.public}
                onChange={(on) => update({ public: on })}
              />
            )}
            <Switch
              label={t('conversation.readOnly')}
              hint={t('conversation.readOnlyHint')}
              checked={conversation.read_only}
              onChange={(on) => update({ read_only: on })}
            />
            <Select
              label={t('conversation.slowMode')}
              value={String(slow_mode_seconds)}
              onChange={(value) => update({ slow_mode_seconds: Number(value) })}
              options={steps.map((seconds) => ({
                value: String(seconds),
                label:
                  seconds === 0
                    ? t('conversation.slowOff')
                    : seconds < 60
                      ? t('conversation.seconds', { count: seconds })
                      : t('conversation.minutes', { count: Math.round(seconds / 60) }),
              }))}
            />
          </div>
        </Section>
      )}
      {may('expire') && <Expiry conversation={conversation} />}
      {type !== 'direct' && (
        <Section title={t('conversation.endings')}>
          <Rows>
            {may('archive') && (
              <SettingRow
                title={t(archived ? 'conversation.unarchive' : 'conversation.archive')}
                text={t(archived ? 'conversation.unarchiveHint' : 'conversation.archiveHint')}
              >
                <Button onClick={() => void archive()}>
                  {t(archived ? 'conversation.unarchive' : 'conversation.archive')}
                </Button>
              </SettingRow>
            )}
            {may('handOver') && <HandOver entry={entry} />}
            {may('leave') && role !== 'owner' && (
              <SettingRow title={t('conversation.leave')} text={t('conversation.leaveHint')}>
                <Button onClick={() => void leave()}>{t('conversation.leave')}</Button>
              </SettingRow>
            )}
            {may('delete') && <DeleteConversation conversation={conversation} onClose={onClose} />}
          </Rows>
        </Section>
      )}
    </div>
  );
}
