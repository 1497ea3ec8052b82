const reply = await fetch('/health');
document.getElementById('board').textContent = `The board of ${(await reply.json()).app}`;
