// A new group or channel: its name, what it is about, who may come, and who is there from the beginning.

import { useState, type SubmitEvent } from 'react';
import { errorText, isRefused } from '@/lib/error';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import type { ConversationCreate, UserSummary } from '@/protocol.gen';
import { actions } from '@/sync';
import { Button, Field, TextArea } from '@/ui';
import { Switch } from '@/ui/Choice';
import { Dialog } from '@/ui/Dialog';
import { PeoplePicker } from '@/ui/PeoplePicker';
import { usePeople } from './usePeople';
import styles from './Dialogs.module.css';

interface CreateConversationProps {
  type: 'group' | 'channel';
  onClose: () => void;
}

interface Wrong {
  name?: string;
  topic?: string;
  form?: string;
}

const FORM = 'create-conversation';

export default function CreateConversation({ type, onClose }: CreateConversationProps) {
  const t = useText();
  const { contacts, search } = usePeople();
  const [name, setName] = useState('');
  const [topic, setTopic] = useState('');
  const [open, setOpen] = useState(true);
  const [members, setMembers] = useState<readonly UserSummary[]>([]);
  const [wrong, setWrong] = useState<Wrong>({});
  const [busy, setBusy] = useState(false);
  const channel = type === 'channel';

  const create = async () => {
    const wanted: ConversationCreate = {
      type,
      name: name.trim() || null,
      topic: topic.trim() || null,
      public: channel && open,
      members: members.map((person) => person.id),
    };
    setBusy(true);
    setWrong({});
    try {
      const made = await actions.createConversation(wanted);
      onClose();
      go(paths.conversation(made.id));
    } catch (problem) {
      setBusy(false);
      const field = isRefused(problem) ? problem.field : undefined;
      if (field === 'name') setWrong({ name: t('conversations.nameInvalid') });
      else if (field === 'topic') setWrong({ topic: errorText(problem) });
      else setWrong({ form: errorText(problem) });
    }
  };

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (channel && !name.trim()) setWrong({ name: t('conversations.nameNeeded') });
    else void create();
  };

  return (
    <Dialog
      title={channel ? t('conversations.newChannel') : t('conversations.newGroup')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" form={FORM} busy={busy}>
            {t('conversations.create')}
          </Button>
        </>
      }
    >
      <form id={FORM} className={styles.stack} onSubmit={submit}>
        <Field
          label={t('conversations.name')}
          hint={channel ? t('conversations.channelNameHint') : t('conversations.groupNameHint')}
          error={wrong.name}
          value={name}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
        <TextArea
          label={t('conversations.topic')}
          hint={t('conversations.topicHint')}
          error={wrong.topic}
          value={topic}
          maxLength={1000}
          rows={2}
          onChange={(event) => setTopic(event.target.value)}
        />
        {channel && (
          <Switch
            label={t('conversations.public')}
            hint={t('conversations.publicHint')}
            checked={open}
            onChange={setOpen}
          />
        )}
        <div className={styles.people}>
          <PeoplePicker
            label={t('conversations.members')}
            search={search}
            suggested={contacts}
            picked={members}
            onPick={setMembers}
          />
        </div>
        {wrong.form && (
          <p className={styles.problem} role="alert">
            {wrong.form}
          </p>
        )}
      </form>
    </Dialog>
  );
}
