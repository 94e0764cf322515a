// The page's own script: it sends clicks on [data-event] to the server, moves focus, and shows what a mark quotes.
// It never makes HTML: all markup comes from assistant/page/*.py, where it is escaped.
(() => {
  if (window.pullquote) return;
  const root = document.documentElement;
  const parts = {};
  let run = "";
  let open = { mark: null, marks: [], at: 0 };

  const conversation = () => decodeURIComponent(location.hash.slice(1));
  const send = (event, data) => parts.talk.trigger(event, { conversation: conversation(), ...data });
  const box = () => document.getElementById("pq-question");
  const seconds = (count) => new Promise((done) => setTimeout(done, count * 1000));

  // --- what a click does -----------------------------------------------------------------------------------------

  function ask(data) {
    if (document.querySelector("[data-live]") || !data.question.trim()) return;
    run = crypto.getRandomValues(new Uint32Array(2)).join("-");
    show("ask");
    send("ask", { ...filters(), ...data, run });
  }

  function filters() {
    const form = document.querySelector("form.ask");
    return form ? Object.fromEntries(new FormData(form)) : {};
  }

  function cite(mark) {
    const turn = mark.closest(".turn");
    const marks = turn ? [...turn.querySelectorAll(".mark")] : [];
    const same = (other) => other.dataset.number === mark.dataset.number && other.dataset.start === mark.dataset.start;
    const at = Math.max(marks.indexOf(mark), marks.findIndex(same));
    const place = marks.length && at >= 0 && mark.dataset.start !== undefined;
    open = { mark, marks, at };
    document.querySelectorAll(".mark.open").forEach((entry) => entry.classList.remove("open"));
    if (place) marks[at].classList.add("open");
    root.dataset.reading = "";
    hideNote();
    send("cite", { ...mark.dataset, place: place ? at + 1 : 0, count: place ? marks.length : 0 });
  }

  function step(by) {
    const { marks, at } = open;
    if (marks.length) cite(marks[(at + Number(by) + marks.length) % marks.length]);
  }

  function close() {
    delete root.dataset.reading;
    document.querySelectorAll(".mark.open").forEach((entry) => entry.classList.remove("open"));
    if (open.mark?.isConnected) open.mark.focus();
    send("cite", {});
  }

  function enter(to) {
    history.replaceState(null, "", to ? `#${encodeURIComponent(to)}` : location.pathname + location.search);
    delete root.dataset.drawer;
    show("ask");
    send("enter", { to });
  }

  function show(view) {
    root.dataset.view = view;
    document.querySelectorAll("nav [data-view]").forEach((entry) => {
      if (entry.dataset.view === view) entry.setAttribute("aria-current", "page");
      else entry.removeAttribute("aria-current");
    });
  }

  const own = {
    ask: (hit) => ask({ question: hit.dataset.question }),
    cite,
    step: (hit) => step(hit.dataset.by),
    close,
    enter: (hit) => enter(hit.dataset.to),
    new: () => { enter(""); box()?.focus(); },
    stop: () => send("stop", { run }),
    view: (hit) => { show(hit.dataset.view); window.scrollTo(0, 0); },
    drawer: () => root.toggleAttribute("data-drawer"),
    edit: (hit) => { box().value = hit.dataset.question; grow(box()); box().focus(); },
    forget: (hit) => confirm(`${hit.title}?`) && send("forget", hit.dataset),
    remove: (hit) => confirm(`${hit.title} from the collection?`) && send("remove", { ...shelf(), ...hit.dataset }),
  };

  const shelf = () => {
    const form = document.querySelector("form[data-event=browse]");
    return form ? Object.fromEntries(new FormData(form)) : {};
  };

  document.addEventListener("click", (event) => {
    const hit = event.target.closest?.("button[data-event]");
    if (!hit) return;
    event.preventDefault();
    const { event: name, ...data } = hit.dataset;
    (own[name] ?? (() => send(name, data)))(hit);
  });

  // --- forms -----------------------------------------------------------------------------------------------------

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-event]");
    if (!form) return;
    event.preventDefault();
    const { event: name, ...data } = form.dataset;
    const values = { ...data, ...Object.fromEntries(new FormData(form)) };
    if (name !== "ask") return send(name, values);
    ask(values);
    if (document.activeElement !== box()) box().focus();
    box().value = "";
    grow(box());
  });

  let typing = 0;
  document.addEventListener("input", (event) => {
    if (event.target === box()) grow(box());
    if (event.target.closest?.("form[data-event=browse]")) {
      clearTimeout(typing);
      typing = setTimeout(() => send("browse", shelf()), 250);
    }
    if (event.target.closest?.("form.ask .filters")) chips();
  });
  document.addEventListener("reset", () => setTimeout(chips));

  function grow(area) {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 200)}px`;
  }

  function chips() {
    const { outlet, since, until } = filters();
    const said = [outlet, since && `from ${since}`, until && `to ${until}`].filter(Boolean);
    document.querySelector(".filters summary").textContent = said.length ? `Only ${said.join(", ")}` : "All articles";
  }

  document.addEventListener("keydown", (event) => {
    if (event.target === box() && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (!document.querySelector("[data-live]")) box().form.requestSubmit();
    }
    if (event.key !== "Escape") return;
    if (!note.hidden) hideNote();
    else if ("drawer" in root.dataset) delete root.dataset.drawer;
    else if ("reading" in root.dataset) close();
  });

  // --- what a mark quotes, on hover and focus --------------------------------------------------------------------

  const note = document.createElement("aside");
  note.id = "pq-note";
  note.setAttribute("role", "tooltip");
  note.hidden = true;
  note.append(document.createElement("q"), document.createElement("span"));
  let leaving = 0;

  function showNote(mark) {
    clearTimeout(leaving);
    note.firstChild.textContent = mark.dataset.quote;
    note.lastChild.textContent = mark.dataset.by;
    if (!note.isConnected) document.body.append(note);
    note.hidden = false;
    mark.setAttribute("aria-describedby", note.id);
    const place = mark.getBoundingClientRect();
    const left = Math.min(Math.max(8, place.left - 40), innerWidth - note.offsetWidth - 8);
    const above = place.top - note.offsetHeight - 8;
    note.style.left = `${left}px`;
    note.style.top = `${above > 8 ? above : place.bottom + 8}px`;
  }

  function hideNote() {
    clearTimeout(leaving);
    note.hidden = true;
  }

  const over = (event) => {
    if (event.target === note || note.contains(event.target)) return clearTimeout(leaving);
    const mark = event.target.closest?.(".mark[data-quote]");
    if (mark) return showNote(mark);
    clearTimeout(leaving);
    leaving = setTimeout(hideNote, 150);
  };
  document.addEventListener("mouseover", over);
  document.addEventListener("focusin", (event) => (event.target.matches?.(".mark:focus-visible") ? over(event) : hideNote()));
  document.addEventListener("scroll", hideNote, { passive: true, capture: true });

  // --- what follows when a part has changed ----------------------------------------------------------------------

  const after = {
    talk(element) {
      const turns = element.querySelector(".turns");
      const id = turns?.dataset.conversation;
      if (id && id !== conversation()) history.replaceState(null, "", `#${encodeURIComponent(id)}`);
      const live = element.querySelector("[data-live]");
      root.toggleAttribute("data-busy", Boolean(live));
      if (live && live !== after.seen) live.scrollIntoView({ block: "start" });
      after.seen = live;
    },
    masthead() {
      show(root.dataset.view);
    },
    reader(element) {
      const cited = element.querySelector(".cited") ?? element.querySelector(".close");
      if (!cited || !("reading" in root.dataset)) return;
      cited.scrollIntoView({ block: cited.matches(".cited") ? "center" : "nearest" });
      cited.focus({ preventScroll: true });
    },
    async parcel(element) {
      const given = element.querySelector("[data-content]");
      if (!given) return;
      const { content, media, name, told } = given.dataset;
      let said = told;
      if ("copy" in given.dataset) {
        await navigator.clipboard.writeText(content).catch(() => { said = "The browser did not allow copying."; });
      } else {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([content], { type: media }));
        link.download = name;
        link.click();
        URL.revokeObjectURL(link.href);
      }
      const line = document.querySelector(".pq-toast") ?? document.body.appendChild(document.createElement("p"));
      line.className = "pq-toast";
      line.setAttribute("role", "status");
      line.textContent = said;
      await seconds(4);
      line.textContent = "";
    },
  };

  window.pullquote = {
    connect(name, element, trigger, watch) {
      parts[name] = { element, trigger };
      watch("value", () => after[name]?.(element));
      if (name === "talk") {
        root.dataset.view ??= "ask";
        if (conversation()) send("enter", { to: conversation() });
        else send("enter", { to: "" });
      }
    },
  };
})();
