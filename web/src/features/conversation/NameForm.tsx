// The name and the topic of a conversation.

import { Hash, Users } from 'lucide-react';
import { useHeld } from '@/lib/held';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import type { Conversation } from '@/protocol.gen';
import { Avatar, Button, Field, TextArea, toast } from '@/ui';
import { Form } from '@/ui/Form';
import { PictureField } from '@/ui/picture/PictureField';
import { Actions, Notice, Section } from '@/ui/Section';
import { actions } from '@/sync';

export function NameForm({ conversation }: { conversation: Conversation }) {
  const t = useText();
  const task = useTask();
  const { value, changed, change, drop } = useHeld(`conversation ${conversation.id}`, {
    name: conversation.name ?? '',
    topic: conversation.topic ?? '',
  });

  const save = async () => {
    const done = await task.run(() =>
      actions.updateConversation(conversation.id, {
        name: value.name.trim() || null,
        topic: value.topic.trim() || null,
      }),
    );
    if (!done) return;
    drop();
    toast(t('common.saved'));
  };

  return (
    <Section title={t('conversation.nameAndTopic')}>
      <PictureField
        face={
          <Avatar id={conversation.id} name={conversation.name ?? ''} src={conversation.avatar} size="l">
            {conversation.type === 'channel' ? <Hash size="1.15em" /> : <Users size="1.15em" />}
          </Avatar>
        }
        has={Boolean(conversation.avatar)}
        onPick={async (picture) => {
          const desk = await actions.files();
          const { id } = await desk.send(picture, 'picture.png', 'avatar');
          await actions.updateConversation(conversation.id, { avatar: id });
        }}
        onRemove={() => actions.updateConversation(conversation.id, { avatar: null })}
      />
      <Form onSubmit={() => void save()}>
        <Field
          label={t('conversation.name')}
          value={value.name}
          maxLength={100}
          required={conversation.type === 'channel'}
          dir="auto"
          error={task.errorOf('name')}
          onChange={(event) => change({ name: event.target.value })}
        />
        <TextArea
          label={t('conversation.topic')}
          hint={t('conversation.topicHint')}
          value={value.topic}
          maxLength={1000}
          rows={3}
          dir="auto"
          error={task.errorOf('topic')}
          // A topic is one line, however long.
          onChange={(event) => change({ topic: event.target.value.replaceAll('\n', ' ') })}
        />
        {task.errorBeside('name', 'topic') && <Notice kind="problem">{task.errorBeside('name', 'topic')}</Notice>}
        <Actions>
          <Button type="submit" kind="primary" busy={task.busy} disabled={!changed}>
            {t('common.save')}
          </Button>
          {changed && (
            <Button kind="quiet" onClick={drop}>
              {t('common.cancel')}
            </Button>
          )}
        </Actions>
      </Form>
    </Section>
  );
}
