// Asking the members of a conversation: a question, two to twenty options, and how they are answered.

import { Plus, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import { api } from '@/sync';
import { Button, Field, IconButton } from '@/ui';
import { Select, Switch } from '@/ui/Choice';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { Actions, Notice } from '@/ui/Section';
import styles from './Poll.module.css';

const LEAST = 2;
const MOST = 20;

const lives = [
  { value: 'never', label: 'poll.closesNever', hours: null },
  { value: 'hour', label: 'poll.closesHour', hours: 1 },
  { value: 'day', label: 'poll.closesDay', hours: 24 },
  { value: 'week', label: 'poll.closesWeek', hours: 168 },
] as const;

interface CreatePollProps {
  conversationId: string;
  parentId?: string | undefined;
  question?: string | undefined;
  onClose: () => void;
}

export default function CreatePoll({ conversationId, parentId, question: first, onClose }: CreatePollProps) {
  const t = useText();
  const task = useTask();
  const form = useRef<HTMLDivElement>(null);
  // The same name in every attempt, so that one that was answered by a broken connection does not ask twice.
  const [clientId] = useState(() => crypto.randomUUID());
  const [question, setQuestion] = useState(first ?? '');
  const [options, setOptions] = useState<readonly { key: number; text: string }[]>([
    { key: 0, text: '' },
    { key: 1, text: '' },
  ]);
  const [multiple, setMultiple] = useState(false);
  const [anonymous, setAnonymous] = useState(false);
  const [life, setLife] = useState<(typeof lives)[number]['value']>('never');

  const texts = options.map(({ text }) => text.trim()).filter(Boolean);
  const same = new Set(texts).size < texts.length;
  const ready = question.trim() !== '' && texts.length >= LEAST && !same;

  const add = () => {
    setOptions((all) => [...all, { key: Math.max(...all.map(({ key }) => key)) + 1, text: '' }]);
    // It is typed into next, once it is there.
    requestAnimationFrame(() =>
      [...(form.current?.querySelectorAll<HTMLInputElement>('input[data-option]') ?? [])].at(-1)?.focus(),
    );
  };
  const create = async () => {
    const hours = lives.find(({ value }) => value === life)?.hours ?? null;
    const done = await task.run(() =>
      api.post(`/conversations/${conversationId}/polls`, {
        client_id: clientId,
        question: question.trim(),
        options: texts,
        multiple,
        anonymous,
        ...(parentId && { parent_id: parentId }),
        ...(hours !== null && { closes_at: new Date(Date.now() + hours * 3_600_000).toISOString() }),
      }),
    );
    if (done) onClose();
  };

  return (
    <Dialog title={t('poll.new')} onClose={onClose}>
      <div ref={form} className={styles.fields}>
        <Form onSubmit={() => ready && void create()}>
          <Field
            label={t('poll.question')}
            value={question}
            maxLength={300}
            required
            dir="auto"
            autoComplete="off"
            error={task.errorOf('question')}
            onChange={(event) => setQuestion(event.target.value)}
          />
          <div className={styles.entries} role="group" aria-label={t('poll.options')}>
            {options.map(({ key, text }, index) => (
              <div key={key} className={styles.entry}>
                <Field
                  data-option
                  label={t('poll.option', { number: index + 1 })}
                  value={text}
                  maxLength={100}
                  dir="auto"
                  autoComplete="off"
                  onChange={(event) =>
                    setOptions((all) => all.map((one) => (one.key === key ? { key, text: event.target.value } : one)))
                  }
                />
                {options.length > LEAST && (
                  <IconButton
                    label={t('poll.removeOption', { number: index + 1 })}
                    onClick={() => setOptions((all) => all.filter((one) => one.key !== key))}
                  >
                    <X size="1.1em" />
                  </IconButton>
                )}
              </div>
            ))}
          </div>
          {same && <Notice kind="warning">{t('poll.same')}</Notice>}
          <Actions>
            <Button icon={<Plus size="1em" />} disabled={options.length >= MOST} onClick={add}>
              {t('poll.addOption')}
            </Button>
          </Actions>
          <div>
            <Switch
              label={t('poll.multiple')}
              hint={t('poll.multipleHint')}
              checked={multiple}
              onChange={setMultiple}
            />
            <Switch
              label={t('poll.anonymous')}
              hint={t('poll.anonymousHint')}
              checked={anonymous}
              onChange={setAnonymous}
            />
            <Select
              label={t('poll.closes')}
              value={life}
              onChange={setLife}
              options={lives.map(({ value, label }) => ({ value, label: t(label) }))}
            />
          </div>
          {task.errorBeside('question') && <Notice kind="problem">{task.errorBeside('question')}</Notice>}
          <Actions>
            <Button type="submit" kind="primary" busy={task.busy} disabled={!ready}>
              {t('poll.create')}
            </Button>
          </Actions>
        </Form>
      </div>
    </Dialog>
  );
}
