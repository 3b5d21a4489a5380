// How many of a group have a figure and how old it is, one mark each: tall = recent, half = older, a tick = none.
export function CoverageStrip({ marks, label }) {
  const letters = [...(marks ?? "")];
  const step = 6, shapes = { r: [0, 14], o: [7, 7], n: [12, 2] };
  const path = (letter) => letters
    .map((mark, index) => (mark === letter ? `M${index * step} ${shapes[letter][0]}h4v${shapes[letter][1]}h-4z` : ""))
    .join("");
  if (letters.length === 0) return null;
  return (
    <svg className="strip" role="img" aria-label={label} width={letters.length * step} height="14" viewBox={`0 0 ${letters.length * step} 14`}>
      {["r", "o", "n"].map((letter) => <path key={letter} className={letter} d={path(letter)} />)}
    </svg>
  );
}
