"use strict";
// Filters the list of cases, and opens the one that the address names.
(() => {
  const form = document.querySelector("form.filter");
  const cases = [...document.querySelectorAll("details.case")];
  const texts = new Map(cases.map((each) => [each, each.textContent.toLowerCase()]));
  const empty = document.querySelector(".empty");

  const has = (listed, wanted) => !wanted || listed.split("|").includes(wanted);

  function apply() {
    const { status, tag, kind, text } = form.elements;
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const each of cases) {
      const visible =
        (status.value === "all" || each.dataset.status === status.value) &&
        has(each.dataset.tags, tag.value) &&
        has(each.dataset.kinds, kind.value) &&
        words.every((word) => texts.get(each).includes(word));
      each.hidden = !visible;
      shown += visible;
    }
    form.elements.shown.value = shown === cases.length ? `${shown} cases` : `${shown} of ${cases.length}`;
    empty.hidden = shown > 0;
  }

  function choose(name, value) {
    form.reset();
    form.elements[name].value = value;
    apply();
  }

  function openLinked() {
    const linked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (linked instanceof HTMLDetailsElement) {
      linked.open = true;
      linked.scrollIntoView();
    }
  }

  document.addEventListener("click", (event) => {
    const { chooseTag, chooseKind } = event.target.dataset;
    if (chooseTag) choose("tag", chooseTag);
    if (chooseKind) choose("kind", chooseKind);
  });
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", openLinked);
  form.hidden = false;
  apply();
  openLinked();
})();
