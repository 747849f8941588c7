// Deleting a conversation for everybody. Its name has to be typed, because nothing brings it back.

import { useEffect, useRef, useState } from 'react';
import { conversationName } from '@/lib/naming';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import type { Conversation } from '@/protocol.gen';
import { Button, Field, toast } from '@/ui';
import { Form } from '@/ui/Form';
import { Actions, Notice, SettingRow } from '@/ui/Section';
import { actions } from '@/sync';

interface DeleteConversationProps {
  conversation: Conversation;
  onClose: () => void;
}

export function DeleteConversation({ conversation, onClose }: DeleteConversationProps) {
  const t = useText();
  const task = useTask();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  // It opens at the foot of the page, out of sight.
  useEffect(() => {
    if (open) field.current?.focus();
  }, [open]);
  const name = conversationName(conversation, null, undefined, t);

  const remove = async () => {
    if (!(await task.run(() => actions.removeConversation(conversation.id)))) return;
    toast(t('conversation.deleted', { name }));
    onClose();
    go(paths.home);
  };

  if (!open) {
    return (
      <SettingRow title={t('conversation.delete')} text={t('conversation.deleteHint')}>
        <Button kind="danger" onClick={() => setOpen(true)}>
          {t('conversation.delete')}
        </Button>
      </SettingRow>
    );
  }
  return (
    <Form
      onSubmit={() => {
        if (typed.trim() === name) void remove();
      }}
    >
      <Notice kind="warning">{t('conversation.deleteText')}</Notice>
      <Field
        ref={field}
        label={t('conversation.typeName', { name })}
        value={typed}
        autoComplete="off"
        dir="auto"
        onChange={(event) => setTyped(event.target.value)}
      />
      {task.errorBeside() && <Notice kind="problem">{task.errorBeside()}</Notice>}
      <Actions>
        <Button onClick={() => setOpen(false)}>{t('common.cancel')}</Button>
        <Button type="submit" kind="danger" busy={task.busy} disabled={typed.trim() !== name}>
          {t('conversation.delete')}
        </Button>
      </Actions>
    </Form>
  );
}
