"use strict";
// Before anything is drawn, so that nothing jumps or flashes: the tools' room and the chosen theme.
document.documentElement.classList.add("scripted");
try {
  const theme = localStorage.getItem("faktenblatt.theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch { /* private window */ }
