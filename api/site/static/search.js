/* Search over a generated index. Without this file the pages are complete; the search form then stays hidden.
   Everything found is put on the page as text, never as markup. */
"use strict";

(function () {
  var MOST = 50;
  var form = document.getElementById("search");
  if (!form) { return; }
  var field = form.querySelector("input");
  form.hidden = false;

  document.addEventListener("keydown", function (event) {
    var inField = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !inField && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
    }
  });

  var panel = document.getElementById("results");
  var rows = window.memorandaIndex;
  if (!panel || !rows) { return; } // another page: the form leads to the index
  var count = document.getElementById("results-count");
  var list = document.getElementById("results-list");
  var words = form.dataset;

  /* Full-width and half-width, capitals, brackets, dashes and blanks make no difference: 财库2016125 finds 财库〔2016〕125号. */
  function plain(text) {
    return text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
  }

  var hay = rows.map(function (row) {
    return { title: plain(row[2]), second: plain(row[3]), more: plain(row[4]) };
  });

  /* 0: not found. A whole title beats a beginning, a beginning any other part, the title the second line, that the rest. */
  function weigh(one, tokens) {
    var total = 0;
    for (var i = 0; i < tokens.length; i += 1) {
      var at = one.title.indexOf(tokens[i]);
      if (at === 0) { total += one.title === tokens[i] ? 6 : 5; }
      else if (at > 0) { total += 4; }
      else if (one.second.indexOf(tokens[i]) >= 0) { total += 3; }
      else if (one.more.indexOf(tokens[i]) >= 0) { total += 2; }
      else { return 0; }
    }
    return total;
  }

  function find(text) {
    var tokens = text.split(/\s+/).map(plain).filter(Boolean);
    if (!tokens.length) { return null; }
    var found = [];
    for (var i = 0; i < rows.length; i += 1) {
      var weight = weigh(hay[i], tokens);
      if (weight && rows[i][0] !== "clause") { weight += 2; } // a page before its parts
      if (weight) { found.push({ row: rows[i], weight: weight, place: i }); }
    }
    found.sort(function (a, b) { return b.weight - a.weight || a.place - b.place; });
    return found;
  }

  /* The text with every token that stands in it as typed marked. */
  function marked(text, tokens) {
    var span = document.createElement("span");
    var low = text.toLowerCase();
    var at = 0;
    while (at < text.length) {
      var next = -1, length = 0;
      tokens.forEach(function (token) {
        var here = low.indexOf(token, at);
        if (here >= 0 && (next < 0 || here < next)) { next = here; length = token.length; }
      });
      if (next < 0 || low.length !== text.length) { break; }
      span.appendChild(document.createTextNode(text.slice(at, next)));
      var mark = document.createElement("mark");
      mark.textContent = text.slice(next, next + length);
      span.appendChild(mark);
      at = next + length;
    }
    span.appendChild(document.createTextNode(text.slice(at)));
    return span;
  }

  function item(row, tokens) {
    var li = document.createElement("li");
    var link = document.createElement("a");
    link.href = row[1];
    link.appendChild(marked(row[2], tokens));
    var second = document.createElement("p");
    second.className = "second";
    var kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = words["kind" + row[0].charAt(0).toUpperCase() + row[0].slice(1)];
    second.appendChild(kind);
    second.appendChild(document.createTextNode(" "));
    second.appendChild(marked(row[3], tokens));
    li.appendChild(link);
    li.appendChild(second);
    return li;
  }

  function told(found) {
    if (!found.length) { return words.none; }
    var text = found.length > MOST ? words.more : words.found;
    return text.replace("{n}", found.length).replace("{shown}", MOST);
  }

  function show() {
    var found = find(field.value);
    list.textContent = "";
    panel.hidden = found === null;
    count.textContent = found === null ? "" : told(found);
    if (found === null) { return; }
    var tokens = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    found.slice(0, MOST).forEach(function (one) { list.appendChild(item(one.row, tokens)); });
  }

  function step(event) {
    var links = Array.prototype.slice.call(list.querySelectorAll("a"));
    var at = links.indexOf(document.activeElement);
    if (event.key === "Escape") {
      field.value = "";
      show();
      field.focus();
    } else if (event.key === "ArrowDown" && links.length) {
      links[Math.min(at + 1, links.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      (at === 0 ? field : links[at - 1]).focus();
    } else {
      return;
    }
    event.preventDefault();
  }

  field.addEventListener("input", show);
  field.addEventListener("keydown", step);
  list.addEventListener("keydown", step);
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    show();
    var first = list.querySelector("a");
    if (first) { first.focus(); }
  });

  var asked = new URLSearchParams(window.location.search).get("q");
  if (asked) { field.value = asked; }
  show();
}());
