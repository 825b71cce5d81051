// All that can be read in the page, line by line: texts, what fields hold, and of a drawing its words and its marks.
// Its words only if the first argument is true.
const [withWords] = arguments;
const lines = [];
const tidy = (text) => text.replace(/\s+/g, " ").trim();
const counted = (all) => [...new Set(all)].map((one) => `${all.filter((each) => each === one).length} times ${one}`);

function tell(element) {
  if (!element.checkVisibility()) return;
  if (element.matches("svg")) {
    const words = [...element.querySelectorAll("text")].map((each) => each.textContent);
    const marks = [...element.querySelectorAll("[role='graphics-symbol']")].map((each) => each.ariaRoleDescription);
    lines.push(withWords ? words.join(" | ") : "", counted(marks).join(", "));
  } else if (element.matches("tr")) {
    lines.push([...element.cells].map((cell) => tidy(cell.innerText)).join(" | "));
  } else if (element.matches("input[type=radio], input[type=checkbox]")) {
    lines.push(element.checked ? "(x)" : "( )");
  } else if (element.matches("input")) {
    lines.push(`[${element.value || element.placeholder}]`);
  } else if (element.matches("select")) {
    lines.push(`[${element.selectedOptions[0]?.textContent ?? ""}]`);
  } else if ([...element.childNodes].some((each) => each.nodeType === Node.TEXT_NODE && each.data.trim())) {
    lines.push(tidy(element.innerText));
  } else {
    [...element.children].forEach(tell);
  }
}

tell(document.body);
return lines.filter((line) => line);
