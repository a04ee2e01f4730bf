// What pages do better with a script; without it everything still works.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// At the counter: F2 for the next applicant, and the box has the focus again after an answer was taken in.
document.addEventListener("keydown", (event) => {
  const next = document.querySelector('[data-key="next"]');
  if (event.key === "F2" && next) {
    event.preventDefault();
    next.click();
  }
});

// What was swapped in is read out from its heading, or from the errors where there are any; a bar that moves on by
// itself takes the focus from nobody.
document.addEventListener("htmx:after:swap", () => {
  if (document.querySelector(".job-progress")) {
    return;
  }
  const errors = document.getElementById("errors");
  const main = errors || document.getElementById("main");
  if (main) {
    main.focus();
  }
});
