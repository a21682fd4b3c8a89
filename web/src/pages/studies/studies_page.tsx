import { useState } from 'preact/hooks';
import { get } from '../../api/client';
import { Choice } from '../../components/choice';
import { Empty } from '../../components/empty';
import { ProblemNotice } from '../../components/notice';
import { Skeleton } from '../../components/skeleton';
import { useFollow } from '../../hooks/use_follow';
import { useLoad } from '../../hooks/use_load';
import { useTitle } from '../../hooks/use_route';
import { useStore, useTake } from '../../hooks/use_store';
import { newestFirst } from '../../store/derive';
import { StudyCard } from './study_card';

const kPage = 30;
const kShown = [
  { value: 'present', name: 'Present' },
  { value: 'archived', name: 'Archived' },
] as const;
type Shown = (typeof kShown)[number]['value'];

export function StudiesPage() {
  useTitle('Studies');
  useFollow(null);
  const take = useTake();
  const known = useStore((state) => state.studies);
  const [pages, setPages] = useState(1);
  const [shown, setShown] = useState<Shown>('present');
  const archived = shown === 'archived';
  const loaded = useLoad(`studies/${shown}`, String(pages), async (signal) => {
    const query = { limit: Math.min(1000, kPage * pages), archived: archived || null };
    const page = await take(get('/api/v1/studies', query, signal), (answer) => ({
      type: 'studies',
      items: answer.items,
    }));
    return { more: page.next_cursor !== null };
  });
  const studies = newestFirst(known).filter((study) => (study.archived_at !== null) === archived);

  return (
    <>
      <div class="page-head">
        <h1>Studies</h1>
        <Choice
          label="Which studies"
          options={kShown}
          value={shown}
          onChange={(choice) => {
            setShown(choice);
            setPages(1);
          }}
        />
      </div>
      {loaded.problem && <ProblemNotice problem={loaded.problem} retry={loaded.reload} />}
      {!loaded.value && !loaded.problem && studies.length === 0 && (
        <Skeleton label="Loading studies" lines={4} />
      )}
      {loaded.value && studies.length === 0 && (archived ? <NoArchive /> : <NoStudies />)}
      <ul class="study-list">
        {studies.map((study) => (
          <li key={study.id}>
            <StudyCard study={study} />
          </li>
        ))}
      </ul>
      {loaded.value?.more && (
        <p>
          <button
            type="button"
            class="button"
            disabled={loaded.loading}
            onClick={() => setPages((count) => count + 1)}
          >
            Show older studies
          </button>
        </p>
      )}
    </>
  );
}

function NoArchive() {
  return (
    <Empty title="The archive is empty">
      <p class="muted">A study that is over can be archived on its page. Its results stay where they are.</p>
    </Empty>
  );
}

function NoStudies() {
  return (
    <Empty title="No studies yet">
      <p class="muted">A study is one YAML file. Submit one, and watch it here:</p>
      <code class="command">checkerlab submit sweeps/demo.yaml</code>
    </Empty>
  );
}
