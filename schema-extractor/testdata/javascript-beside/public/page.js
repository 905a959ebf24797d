document.title = window.whatever;
