// The page's own script: it sends clicks on [data-event] to the server, moves focus, and shows what a mark quotes.
// It never makes HTML: all markup comes from assistant/page/*.py, where it is escaped.
(() => {
  if (window.pullquote) return;
  const root = document.documentElement;
  const parts = {};
  let run = "";
  let open = { mark: null, marks: [], at: 0 };
  let sending = 0; // the time until which no other question goes out, while one has and nothing came back
  let entering = false; // whether the next conversation that comes is another one than before
  let chosen = {}; // the filters of the open conversation
  let renaming = ""; // the conversation whose name is being typed
  let undo = ""; // where the button to undo is going to appear
  let furtherFor = ""; // the answer whose next questions were asked for

  const conversation = () => decodeURIComponent(location.hash.slice(1));
  const send = (event, data) => parts.talk.trigger(event, { conversation: conversation(), ...data });

  // Two events may be answered in either order. Of these kinds one is under way at a time, and the latest waits for it;
  // the answer says by its number that it has come.
  const turnTaking = {};
  let numbered = 0;

  function sendInTurn(event, data) {
    const state = (turnTaking[event] ??= { underWay: "", next: null, patience: 0 });
    if (state.underWay) { state.next = data; return; }
    state.underWay = String(++numbered);
    state.patience = setTimeout(() => arrived(event, state.underWay), 5000); // one that failed holds nothing up
    send(event, { ...data, asked: state.underWay });
  }

  function arrived(event, asked) {
    const state = turnTaking[event];
    if (!state || !asked || asked !== state.underWay) return;
    clearTimeout(state.patience);
    const { next } = state;
    Object.assign(state, { underWay: "", next: null });
    if (next) sendInTurn(event, next);
  }

  const askedIn = (element) => element.querySelector("[data-asked]")?.dataset.asked;
  const box = () => document.getElementById("pq-question");
  const seconds = (count) => new Promise((done) => setTimeout(done, count * 1000));

  // --- what a click does -----------------------------------------------------------------------------------------

  /** Ask, unless an answer is being made or a question has just gone out; say whether it was asked. */
  function ask(data) {
    if (sending || document.querySelector("[data-live]") || !data.question.trim()) return false;
    sending = setTimeout(() => { sending = 0; }, 5000);
    run = crypto.getRandomValues(new Uint32Array(2)).join("-");
    show("ask");
    send("ask", { ...filters(), ...data, run });
    return true;
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
    sendInTurn("cite", { ...mark.dataset, place: place ? at + 1 : 0, count: place ? marks.length : 0 });
  }

  function step(by) {
    const { marks, at } = open;
    if (marks.length) cite(marks[(at + Number(by) + marks.length) % marks.length]);
  }

  function close() {
    delete root.dataset.reading;
    document.querySelectorAll(".mark.open").forEach((entry) => entry.classList.remove("open"));
    if (open.mark?.isConnected) open.mark.focus();
    sendInTurn("cite", {});
  }

  function enter(to) {
    entering = true;
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
    forget: (hit) => { undo = ".gone .undo"; entering ||= hit.dataset.to === conversation(); send("forget", hit.dataset); },
    unforget: (hit) => {
      entering ||= "open" in hit.dataset;
      send("unforget", { ...hit.dataset, ...("open" in hit.dataset ? { conversation: hit.dataset.to } : {}) });
      document.querySelector(".conversations .new")?.focus();
    },
    renaming: (hit) => { renaming = hit.dataset.to; showRenaming()?.select(); },
    remove: (hit) => { undo = ".told .undo"; send("remove", { ...shelf(), ...hit.dataset }); },
    restore: (hit) => send("restore", { ...shelf(), ...hit.dataset }),
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
    if (name === "browse" || name === "find") return sendInTurn(name, values);
    if (name === "rename") return rename(form);
    if (name !== "ask") return send(name, values);
    const asked = ask(values);
    if (document.activeElement !== box()) box().focus();
    if (asked) box().value = "";
    grow(box());
  });

  let typing = 0;
  document.addEventListener("input", (event) => {
    if (event.target === box()) grow(box());
    if (event.target.closest?.("form[data-event=browse]")) {
      clearTimeout(typing);
      typing = setTimeout(() => sendInTurn("browse", shelf()), 250);
    }
    if (event.target.closest?.("form.find")) {
      clearTimeout(typing);
      typing = setTimeout(() => sendInTurn("find", { words: event.target.value }), 250);
    }
    if (event.target.closest?.("form.ask .filters")) chips();
  });
  document.addEventListener("reset", (event) => event.target.matches("form.ask") && setTimeout(chips));

  function grow(area) {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 200)}px`;
  }

  function chips() {
    const { outlet, since, until } = filters();
    chosen = { outlet, since, until };
    const said = [outlet, since && `from ${since}`, until && `to ${until}`].filter(Boolean);
    document.querySelector(".filters summary").textContent = said.length ? `Only ${said.join(", ")}` : "All articles";
  }

  function choose({ outlet = "", since = "", until = "" }) {
    chosen = { outlet, since, until };
    const form = document.querySelector("form.ask");
    if (!form) return;
    for (const name of Object.keys(chosen)) form.elements[name].value = chosen[name];
    if (form.elements.outlet.selectedIndex < 0) form.elements.outlet.value = "";
    chips();
  }

  // --- names of conversations ------------------------------------------------------------------------------------

  const listed = (id) => document.querySelector(`.conversations li[data-id="${CSS.escape(id)}"]`);

  function showRenaming() {
    const item = listed(renaming);
    if (!item) return null;
    item.querySelector(".entry").hidden = true;
    item.querySelector(".rename").hidden = false;
    const field = item.querySelector(".rename input");
    field.focus();
    return field;
  }

  function rename(form, stay = true) {
    const field = form.elements.name;
    renaming = "";
    form.hidden = true;
    form.previousElementSibling.hidden = false;
    if (stay) form.previousElementSibling.querySelector(".conversation").focus();
    if (field.value.trim() !== field.defaultValue) send("rename", { to: form.dataset.to, name: field.value });
  }

  document.addEventListener("focusout", (event) => {
    const form = event.target.closest?.("form.rename");
    if (form && !form.hidden && renaming && event.relatedTarget && !form.contains(event.relatedTarget)) rename(form, false);
  });

  document.addEventListener("keydown", (event) => {
    const naming = event.target.closest?.("form.rename");
    if (naming && event.key === "Escape") {
      naming.reset();
      return rename(naming);
    }
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

  function toUndo(element) {
    const button = undo && element.querySelector(undo);
    if (!button) return;
    undo = "";
    button.focus({ preventScroll: true });
  }

  // What a reader has unfolded stays so when the answers are drawn anew.
  const unfolded = new Set();
  const placeOf = (details) => {
    const turn = details.closest(".turn");
    return `${turn.dataset.turn}:${[...turn.querySelectorAll("details")].indexOf(details)}`;
  };
  document.addEventListener("click", (event) => {
    const details = event.target.closest?.(".turn summary")?.parentElement;
    if (details) unfolded[details.open ? "delete" : "add"](placeOf(details));
  });

  function askFurther(element, live, id) {
    const last = element.querySelector(".turn:last-child");
    const wanted = last && id && !live && last.querySelector(".next") ? `${id}:${last.dataset.turn}` : "";
    if (wanted && wanted !== furtherFor) send("further", { conversation: id, turn: last.dataset.turn });
    furtherFor = wanted;
    placeFurther();
  }

  function placeFurther() {
    const found = parts.further?.element.querySelector("[data-turn]");
    const turns = document.querySelector(".turns");
    if (!found || found.dataset.conversation !== turns?.dataset.conversation || turns.querySelector("[data-live]")) return;
    turns.querySelector(`.turn:last-child[data-turn="${found.dataset.turn}"] .next`)?.replaceChildren(found.cloneNode(true));
  }

  const after = {
    talk(element) {
      clearTimeout(sending);
      sending = 0;
      const turns = element.querySelector(".turns");
      const id = turns?.dataset.conversation;
      const live = element.querySelector("[data-live]");
      if (id && id !== conversation()) history.replaceState(null, "", `#${encodeURIComponent(id)}`);
      if (id === "" && !live && conversation()) history.replaceState(null, "", location.pathname + location.search);
      if (entering && turns) {
        entering = false;
        unfolded.clear();
        choose(turns.dataset);
      }
      element.querySelectorAll(".turn details").forEach((entry) => { entry.open = unfolded.has(placeOf(entry)); });
      askFurther(element, live, id);
      root.toggleAttribute("data-busy", Boolean(live));
      if (live && live !== after.seen) live.scrollIntoView({ block: "start" });
      after.seen = live;
    },
    form() {
      choose(chosen);
    },
    conversations(element) {
      arrived("find", askedIn(element));
      const words = element.querySelector(".find input")?.value;
      if (words && !askedIn(element)) sendInTurn("find", { words });
      if (renaming) showRenaming();
      toUndo(element);
    },
    further: placeFurther,
    masthead() {
      show(root.dataset.view);
    },
    reader(element) {
      arrived("cite", askedIn(element));
      const cited = element.querySelector(".cited") ?? element.querySelector(".close");
      if (!cited || !("reading" in root.dataset)) return;
      cited.scrollIntoView({ block: cited.matches(".cited") ? "center" : "nearest" });
      cited.focus({ preventScroll: true });
    },
    shelf(element) {
      arrived("browse", askedIn(element));
      toUndo(element);
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
        entering = true;
        send("enter", { to: conversation() });
      }
    },
  };
})();
