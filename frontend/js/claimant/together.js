// Parts of a form that only matter with one answer: data-shows-with="others:vehicle,property" is
// shown while that is chosen. Without scripts everything is simply there.

function settle(part) {
  const [name, wanted] = part.dataset.showsWith.split(":");
  const chosen = document.querySelector(`input[name="${name}"]:checked`)?.value;
  const before = part.hidden;
  part.hidden = !wanted.split(",").includes(chosen);
  if (before && !part.hidden) part.open = true;
}

/** Show what goes together, now and at each choice. */
export function startTogether() {
  const settleAll = () => document.querySelectorAll("[data-shows-with]").forEach(settle);
  settleAll();
  document.addEventListener("change", settleAll);
  document.addEventListener("u-page", settleAll);
}
