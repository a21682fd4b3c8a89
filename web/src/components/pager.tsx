interface PagerProps {
  text: string;
  onPrevious: (() => void) | null;
  onNext: (() => void) | null;
}

export function Pager({ text, onPrevious, onNext }: PagerProps) {
  return (
    <div class="pager">
      <span class="muted small" role="status">
        {text}
      </span>
      <div class="row">
        <button type="button" class="button" disabled={!onPrevious} onClick={() => onPrevious?.()}>
          Previous
        </button>
        <button type="button" class="button" disabled={!onNext} onClick={() => onNext?.()}>
          Next
        </button>
      </div>
    </div>
  );
}
